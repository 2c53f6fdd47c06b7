import { ENGINE_VERSION_MAX } from '@keel/engine';
import {
  addressSetting,
  ConfigError,
  choiceSetting,
  integerSetting,
  portSetting,
  readConfig,
  redisUrlSetting,
  secretSetting,
  Type,
  textSetting,
  urlSetting,
} from '@keel/runtime';
import { type KeelDomain, keelDomain } from '@keel/signing';
import type { Address, PriceFeeder } from '@keel/types';
import { parseFeeders } from './parseFeeders.ts';

const schema = Type.Object({
  KEEL_DATA_DIR: textSetting('the folder of the journal, its snapshots and the batches', '/var/lib/keel'),
  KEEL_INTAKE_PORT: portSetting(7070),
  KEEL_INTAKE_HOST: textSetting('the address the intake listens on', '127.0.0.1', '127.0.0.1'),
  KEEL_INTAKE_TOKEN: secretSetting('the secret shared with gateway, price feed and settler'),
  KEEL_ADMIN_PORT: portSetting(7071),
  KEEL_ADMIN_HOST: textSetting('the address the admin port listens on', '127.0.0.1', '127.0.0.1'),
  KEEL_REDIS_URL: redisUrlSetting(),
  KEEL_CHAIN_ID: integerSetting('the chain of the settlement contract', {
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 31_337,
  }),
  KEEL_SETTLEMENT_ADDRESS: addressSetting('the settlement contract'),
  KEEL_PRICE_FEEDERS: Type.Optional(
    textSetting(
      'the addresses whose price reports count, with commas between',
      `0x${'1'.repeat(40)},0x${'2'.repeat(40)}:2`,
    ),
  ),
  KEEL_QUEUE_MAX: integerSetting('commands that may wait for the journal', {
    minimum: 1,
    maximum: 1_000_000,
    default: 20_000,
  }),
  KEEL_SNAPSHOT_COMMANDS: integerSetting('commands from one snapshot to the next', {
    minimum: 1_000,
    maximum: 100_000_000,
    default: 100_000,
  }),
  KEEL_LOG: choiceSetting('where commands are kept before they count', ['file', 'etcd'], 'file'),
  KEEL_NODE_ID: Type.Optional(textSetting('the name of this node in its cluster', 'a')),
  KEEL_CLUSTER: textSetting('the name of the cluster in etcd', 'main', 'main'),
  KEEL_CLUSTER_MEMBERS: integerSetting('sequencers that the cluster is meant to have', {
    minimum: 1,
    maximum: 9,
    default: 3,
  }),
  KEEL_CLUSTER_BEGIN: Type.Optional(textSetting('the node that may begin the cluster, with what its journal has', 'a')),
  KEEL_ETCD_ENDPOINTS: Type.Optional(
    textSetting('where etcd is, with commas between', 'http://10.0.0.1:2379,http://10.0.0.2:2379'),
  ),
  KEEL_ETCD_USER: Type.Optional(textSetting('the user that etcd knows', 'keel')),
  KEEL_ETCD_PASSWORD: Type.Optional(textSetting('the password of that user', 'a long one')),
  KEEL_ETCD_CA_FILE: Type.Optional(textSetting('who signs the certificates of etcd, PEM', '/etc/keel/etcd-ca.pem')),
  KEEL_ETCD_CERT_FILE: Type.Optional(textSetting('the certificate of this client, PEM', '/etc/keel/etcd.pem')),
  KEEL_ETCD_KEY_FILE: Type.Optional(textSetting('the key of that certificate, PEM', '/etc/keel/etcd-key.pem')),
  KEEL_INTAKE_ADVERTISE: Type.Optional(urlSetting('the intake of this node', ['ws', 'wss'], 'ws://10.0.0.1:7070')),
  KEEL_ADMIN_ADVERTISE: Type.Optional(
    urlSetting('the admin port of this node', ['http', 'https'], 'http://10.0.0.1:7071'),
  ),
  KEEL_TAKEOVERS_PER_MINUTE: integerSetting('changes of the leader in a minute, after which nodes wait', {
    minimum: 1,
    maximum: 1_000,
    default: 6,
  }),
  KEEL_LOG_BLOCKS_KEPT: integerSetting('newest blocks of the log that trimming leaves in etcd', {
    minimum: 10,
    maximum: 100_000,
    default: 1_000,
  }),
  KEEL_ENGINE_VERSION_MAX: integerSetting("newest version of the engine's rules that this node goes on by", {
    minimum: 1,
    maximum: ENGINE_VERSION_MAX,
    default: ENGINE_VERSION_MAX,
  }),
});

const NODE_ID = /^[a-z0-9-]{1,32}$/;

/** What a node of a cluster has to be told besides. */
export interface ClusterConfig {
  readonly nodeId: string;
  readonly cluster: string;
  readonly members: number;
  /** It may be the cluster's first node, and the log begins behind its journal. */
  readonly mayBegin: boolean;
  readonly endpoints: readonly string[];
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** Where others reach this node's intake and admin port. */
  readonly intakeUrl: string;
  readonly adminUrl: string;
  readonly takeOversPerMinute: number;
  readonly trim: { readonly blocksKept: number };
}

export interface SequencerConfig {
  readonly dataDir: string;
  readonly intakePort: number;
  readonly intakeHost: string;
  readonly intakeToken: string;
  readonly adminPort: number;
  readonly adminHost: string;
  readonly redisUrl: string;
  readonly chainId: number;
  /** What binds a price report's signature to this exchange. */
  readonly domain: KeelDomain;
  /** Whose reports count in an empty journal, ascending by address. */
  readonly feeders: readonly PriceFeeder[];
  readonly queueMax: number;
  readonly snapshotCommands: number;
  /** Newest rules of the engine that this node goes on by: those of the program, or fewer to be like an older one. */
  readonly engineVersionMax: number;
  /** Undefined = one node, whose journal is the log. */
  readonly cluster: ClusterConfig | undefined;
}

const readSettings = () => readConfig(schema, process.env);

/** The settings of this process. Throws ConfigError. */
export function loadConfig(): SequencerConfig {
  const env = readSettings();
  return {
    dataDir: env.KEEL_DATA_DIR,
    intakePort: env.KEEL_INTAKE_PORT,
    intakeHost: env.KEEL_INTAKE_HOST,
    intakeToken: env.KEEL_INTAKE_TOKEN,
    adminPort: env.KEEL_ADMIN_PORT,
    adminHost: env.KEEL_ADMIN_HOST,
    redisUrl: env.KEEL_REDIS_URL,
    chainId: env.KEEL_CHAIN_ID,
    domain: keelDomain(env.KEEL_CHAIN_ID, env.KEEL_SETTLEMENT_ADDRESS as Address),
    feeders: env.KEEL_PRICE_FEEDERS === undefined ? [] : parseFeeders(env.KEEL_PRICE_FEEDERS),
    queueMax: env.KEEL_QUEUE_MAX,
    snapshotCommands: env.KEEL_SNAPSHOT_COMMANDS,
    engineVersionMax: env.KEEL_ENGINE_VERSION_MAX,
    cluster: env.KEEL_LOG === 'etcd' ? clusterOf(env) : undefined,
  };
}

function clusterOf(env: ReturnType<typeof readSettings>): ClusterConfig {
  const { KEEL_NODE_ID: nodeId, KEEL_ETCD_ENDPOINTS: endpoints, KEEL_CLUSTER: cluster } = env;
  const wrong: string[] = [];
  if (nodeId === undefined || !NODE_ID.test(nodeId)) wrong.push('KEEL_NODE_ID: a name of its own, like a');
  if (!NODE_ID.test(cluster)) wrong.push('KEEL_CLUSTER: at most 32 of a-z, 0-9 and -');
  const list = endpoints?.split(',').map((each) => each.trim()) ?? [];
  if (list.length === 0 || !list.every((each) => /^https?:\/\//.test(each) && URL.canParse(each)))
    wrong.push('KEEL_ETCD_ENDPOINTS: addresses of etcd with commas between, like http://10.0.0.1:2379');
  if ((env.KEEL_ETCD_USER === undefined) !== (env.KEEL_ETCD_PASSWORD === undefined))
    wrong.push('KEEL_ETCD_USER and KEEL_ETCD_PASSWORD: both or neither');
  if (wrong.length > 0) throw new ConfigError(`with KEEL_LOG=etcd: ${wrong.join('; ')}`);
  return {
    nodeId: nodeId!,
    cluster,
    members: env.KEEL_CLUSTER_MEMBERS,
    mayBegin: env.KEEL_CLUSTER_BEGIN === nodeId,
    endpoints: list,
    user: env.KEEL_ETCD_USER,
    password: env.KEEL_ETCD_PASSWORD,
    caFile: env.KEEL_ETCD_CA_FILE,
    certFile: env.KEEL_ETCD_CERT_FILE,
    keyFile: env.KEEL_ETCD_KEY_FILE,
    intakeUrl: env.KEEL_INTAKE_ADVERTISE ?? `ws://${env.KEEL_INTAKE_HOST}:${env.KEEL_INTAKE_PORT}`,
    adminUrl: env.KEEL_ADMIN_ADVERTISE ?? `http://${env.KEEL_ADMIN_HOST}:${env.KEEL_ADMIN_PORT}`,
    takeOversPerMinute: env.KEEL_TAKEOVERS_PER_MINUTE,
    trim: { blocksKept: env.KEEL_LOG_BLOCKS_KEPT },
  };
}
