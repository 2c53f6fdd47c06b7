import {
  addressSetting,
  integerSetting,
  portSetting,
  readConfig,
  redisUrlSetting,
  secretSetting,
  Type,
  textSetting,
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
});

export interface SequencerConfig {
  readonly dataDir: string;
  readonly intakePort: number;
  readonly intakeHost: string;
  readonly intakeToken: string;
  readonly adminPort: number;
  readonly adminHost: string;
  readonly redisUrl: string;
  /** What binds a price report's signature to this exchange. */
  readonly domain: KeelDomain;
  /** Whose reports count in an empty journal, ascending by address. */
  readonly feeders: readonly PriceFeeder[];
  readonly queueMax: number;
  readonly snapshotCommands: number;
}

/** The settings of this process. Throws ConfigError. */
export function loadConfig(): SequencerConfig {
  const env = readConfig(schema, process.env);
  return {
    dataDir: env.KEEL_DATA_DIR,
    intakePort: env.KEEL_INTAKE_PORT,
    intakeHost: env.KEEL_INTAKE_HOST,
    intakeToken: env.KEEL_INTAKE_TOKEN,
    adminPort: env.KEEL_ADMIN_PORT,
    adminHost: env.KEEL_ADMIN_HOST,
    redisUrl: env.KEEL_REDIS_URL,
    domain: keelDomain(env.KEEL_CHAIN_ID, env.KEEL_SETTLEMENT_ADDRESS as Address),
    feeders: env.KEEL_PRICE_FEEDERS === undefined ? [] : parseFeeders(env.KEEL_PRICE_FEEDERS),
    queueMax: env.KEEL_QUEUE_MAX,
    snapshotCommands: env.KEEL_SNAPSHOT_COMMANDS,
  };
}
