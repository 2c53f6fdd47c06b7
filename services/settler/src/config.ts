import {
  addressSetting,
  integerSetting,
  portSetting,
  privateKeySetting,
  readConfig,
  redisUrlSetting,
  secretSetting,
  splitUrls,
  Type,
  textSetting,
  urlSetting,
  urlsSetting,
} from '@keel/runtime';
import type { Address, Hex } from '@keel/types';

const schema = Type.Object({
  KEEL_ADMIN_PORT: portSetting(7072),
  KEEL_ADMIN_HOST: textSetting('the address the admin port listens on', '127.0.0.1', '127.0.0.1'),
  KEEL_INTAKE_URL: urlsSetting("the sequencer's intake", ['ws', 'wss'], 'ws://127.0.0.1:7070', 'ws://127.0.0.1:7070'),
  KEEL_INTAKE_TOKEN: secretSetting('the secret shared with the sequencer'),
  KEEL_REDIS_URL: redisUrlSetting(),
  KEEL_L1_URL: urlSetting('an L1 node', ['http', 'https'], 'http://127.0.0.1:8546', 'http://127.0.0.1:8546'),
  KEEL_CHAIN_ID: integerSetting("L1's chain id", { minimum: 1, maximum: 2 ** 53 - 1, default: 31_337 }),
  KEEL_SETTLEMENT_ADDRESS: addressSetting("KeelSettlement's address"),
  KEEL_OPERATOR_KEY: privateKeySetting("the private key of the contract's operator"),
  KEEL_L1_CONFIRMATIONS: integerSetting('blocks that make a deposit or a batch certain, its own among them', {
    minimum: 1,
    maximum: 1_000,
    default: 1,
  }),
  KEEL_L1_START_BLOCK: integerSetting('the block that the contract was deployed in, or one before', {
    minimum: 0,
    maximum: 2 ** 53 - 1,
    default: 0,
  }),
  KEEL_L1_LOG_BLOCKS: integerSetting('blocks whose events are asked for at once', {
    minimum: 1,
    maximum: 100_000,
    default: 5_000,
  }),
  KEEL_L1_POLL_MS: integerSetting('milliseconds between two looks at L1', {
    minimum: 50,
    maximum: 60_000,
    default: 500,
  }),
  KEEL_L1_RESEND_SECONDS: integerSetting('seconds until an unmined transaction is sent again with a higher fee', {
    minimum: 1,
    maximum: 3_600,
    default: 60,
  }),
  KEEL_BATCH_SECONDS: integerSetting('seconds after which a batch is sealed', {
    minimum: 1,
    maximum: 3_600,
    default: 5,
  }),
  KEEL_BATCH_COMMANDS: integerSetting('commands after which a batch is sealed', {
    minimum: 1,
    maximum: 50_000,
    default: 2_000,
  }),
});

export interface SettlerConfig {
  readonly adminPort: number;
  readonly adminHost: string;
  /** Of all nodes; one of them leads. */
  readonly intakeUrls: readonly string[];
  readonly intakeToken: string;
  readonly redisUrl: string;
  readonly batchSeconds: number;
  readonly batchCommands: number;
  readonly l1: L1Config;
}

export interface L1Config {
  readonly url: string;
  readonly chainId: number;
  readonly settlement: Address;
  readonly operatorKey: Hex;
  readonly confirmations: number;
  readonly startBlock: number;
  readonly logBlocks: number;
  readonly pollMs: number;
  readonly resendMs: number;
}

/** The settings of this process. Throws ConfigError with one sentence. */
export function loadConfig(): SettlerConfig {
  const env = readConfig(schema, process.env);
  return {
    adminPort: env.KEEL_ADMIN_PORT,
    adminHost: env.KEEL_ADMIN_HOST,
    intakeUrls: splitUrls(env.KEEL_INTAKE_URL),
    intakeToken: env.KEEL_INTAKE_TOKEN,
    redisUrl: env.KEEL_REDIS_URL,
    batchSeconds: env.KEEL_BATCH_SECONDS,
    batchCommands: env.KEEL_BATCH_COMMANDS,
    l1: {
      url: env.KEEL_L1_URL,
      chainId: env.KEEL_CHAIN_ID,
      settlement: env.KEEL_SETTLEMENT_ADDRESS as Address,
      operatorKey: env.KEEL_OPERATOR_KEY as Hex,
      confirmations: env.KEEL_L1_CONFIRMATIONS,
      startBlock: env.KEEL_L1_START_BLOCK,
      logBlocks: env.KEEL_L1_LOG_BLOCKS,
      pollMs: env.KEEL_L1_POLL_MS,
      resendMs: env.KEEL_L1_RESEND_SECONDS * 1_000,
    },
  };
}
