import {
  addressSetting,
  ConfigError,
  choiceSetting,
  integerSetting,
  numberSetting,
  portSetting,
  privateKeySetting,
  readConfig,
  StartupFault,
  secretSetting,
  splitUrls,
  Type,
  textSetting,
  urlsSetting,
} from '@keel/runtime';
import { type KeelDomain, keelDomain } from '@keel/signing';
import { type Address, type Hex, PRICE_FEEDERS_MAX } from '@keel/types';

const ROLE = {
  KEEL_PRICE_ROLE: choiceSetting('what this process does', ['feeder', 'collector'], 'collector'),
};
const EVERY_ROLE = {
  KEEL_ADMIN_PORT: portSetting(7073),
  KEEL_ADMIN_HOST: textSetting('the address the admin port listens on', '127.0.0.1', '127.0.0.1'),
  KEEL_CHAIN_ID: integerSetting('the chain of the settlement contract', {
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 31_337,
  }),
  KEEL_SETTLEMENT_ADDRESS: addressSetting('the settlement contract'),
};
const RECORDINGS = {
  KEEL_REPLAY_FILE: Type.Optional(textSetting('a candle file, .csv or .csv.gz', 'btcusd_1m.csv.gz')),
  KEEL_REPLAY_MARKET: textSetting('the market whose index the candles are', 'BTC-USD', 'BTC-USD'),
  KEEL_REPLAY_SPEED: numberSetting('recorded seconds per second', { minimum: 0.1, maximum: 3_600, default: 60 }),
  KEEL_INDEX_FROM_ORDERS: Type.Optional(textSetting('a LOBSTER message file, .csv or .csv.gz', 'messages.csv.gz')),
  KEEL_ORDERS_MARKET: textSetting('the market whose index the executions are', 'SOL-USD', 'SOL-USD'),
  KEEL_ORDERS_SPEED: numberSetting('recorded seconds per second', { minimum: 0.1, maximum: 3_600, default: 1 }),
};
const FEEDER = {
  ...EVERY_ROLE,
  ...RECORDINGS,
  KEEL_FEEDER_KEY: privateKeySetting('the key that signs the reports'),
  KEEL_PRICE_SOURCES: Type.Optional(textSetting('a JSON file of HTTP and WebSocket sources', 'sources.json')),
  KEEL_PRICE_SEED: integerSetting('the seed of the simulation', { minimum: 0, maximum: 4_294_967_295, default: 1 }),
  KEEL_PRICE_VOLATILITY: numberSetting('how much stronger than usual the simulation moves', {
    minimum: 0,
    maximum: 10,
    default: 1,
  }),
  KEEL_PRICE_NOISE_PPM: integerSetting('how far off a simulated price is seen, in millionths', {
    minimum: 0,
    maximum: 10_000,
    default: 50,
  }),
};
const COLLECTOR = {
  ...EVERY_ROLE,
  KEEL_INTAKE_URL: urlsSetting("the sequencer's intake", ['ws', 'wss'], 'ws://127.0.0.1:7070', 'ws://127.0.0.1:7070'),
  KEEL_INTAKE_TOKEN: secretSetting('the secret shared with the sequencer'),
  KEEL_FEEDER_URLS: textSetting(
    'the addresses of the feeders, with commas between',
    'http://127.0.0.1:7081,http://127.0.0.1:7082',
  ),
  KEEL_PRICE_INTERVAL_MS: integerSetting('milliseconds between two prices', {
    minimum: 50,
    maximum: 1_000,
    default: 500,
  }),
};

/** A recorded file that moves one market's index. */
export interface RecordingConfig {
  readonly file: string;
  readonly symbol: string;
  /** Recorded milliseconds per millisecond. */
  readonly speed: number;
}

export interface RecordingsConfig {
  readonly candles: RecordingConfig | undefined;
  readonly orders: RecordingConfig | undefined;
}

interface EveryRoleConfig {
  readonly adminPort: number;
  readonly adminHost: string;
  /** What binds a report's signature to this exchange. */
  readonly domain: KeelDomain;
}

export interface FeederConfig extends EveryRoleConfig, RecordingsConfig {
  readonly role: 'feeder';
  readonly key: Hex;
  /** A JSON file; undefined = what no recording moves is simulated. */
  readonly sourcesFile: string | undefined;
  readonly seed: number;
  readonly volatility: number;
  readonly noisePpm: number;
}

export interface CollectorConfig extends EveryRoleConfig {
  readonly role: 'collector';
  /** Of all nodes; one of them leads. */
  readonly intakeUrls: readonly string[];
  readonly intakeToken: string;
  readonly feederUrls: readonly string[];
  readonly intervalMs: number;
}

/** The settings of this process. Throws ConfigError or StartupFault with one sentence. */
export function loadConfig(): FeederConfig | CollectorConfig {
  const { KEEL_PRICE_ROLE: role } = readConfig(Type.Object(ROLE), process.env);
  return role === 'feeder' ? loadFeederConfig() : loadCollectorConfig();
}

/** The recordings alone, for whoever only wants to know whether they can be played. */
export function loadRecordingsConfig(): RecordingsConfig {
  return recordingsOf(readConfig(Type.Object(RECORDINGS), process.env));
}

function loadFeederConfig(): FeederConfig {
  const env = readConfig(Type.Object(FEEDER), process.env);
  return {
    role: 'feeder',
    ...everyRole(env),
    ...recordingsOf(env),
    key: env.KEEL_FEEDER_KEY as Hex,
    sourcesFile: env.KEEL_PRICE_SOURCES,
    seed: env.KEEL_PRICE_SEED,
    volatility: env.KEEL_PRICE_VOLATILITY,
    noisePpm: env.KEEL_PRICE_NOISE_PPM,
  };
}

function loadCollectorConfig(): CollectorConfig {
  const env = readConfig(Type.Object(COLLECTOR), process.env);
  return {
    role: 'collector',
    ...everyRole(env),
    intakeUrls: splitUrls(env.KEEL_INTAKE_URL),
    intakeToken: env.KEEL_INTAKE_TOKEN,
    feederUrls: feederUrls(env.KEEL_FEEDER_URLS),
    intervalMs: env.KEEL_PRICE_INTERVAL_MS,
  };
}

function everyRole(env: {
  readonly KEEL_ADMIN_PORT: number;
  readonly KEEL_ADMIN_HOST: string;
  readonly KEEL_CHAIN_ID: number;
  readonly KEEL_SETTLEMENT_ADDRESS: string;
}): EveryRoleConfig {
  return {
    adminPort: env.KEEL_ADMIN_PORT,
    adminHost: env.KEEL_ADMIN_HOST,
    domain: keelDomain(env.KEEL_CHAIN_ID, env.KEEL_SETTLEMENT_ADDRESS as Address),
  };
}

function recordingsOf(env: {
  readonly KEEL_REPLAY_FILE?: string;
  readonly KEEL_REPLAY_MARKET: string;
  readonly KEEL_REPLAY_SPEED: number;
  readonly KEEL_INDEX_FROM_ORDERS?: string;
  readonly KEEL_ORDERS_MARKET: string;
  readonly KEEL_ORDERS_SPEED: number;
}): RecordingsConfig {
  const candles = recording(env.KEEL_REPLAY_FILE, env.KEEL_REPLAY_MARKET, env.KEEL_REPLAY_SPEED);
  const orders = recording(env.KEEL_INDEX_FROM_ORDERS, env.KEEL_ORDERS_MARKET, env.KEEL_ORDERS_SPEED);
  if (candles !== undefined && candles.symbol === orders?.symbol)
    throw new StartupFault(
      `KEEL_REPLAY_FILE and KEEL_INDEX_FROM_ORDERS both move ${candles.symbol}: set KEEL_REPLAY_MARKET or KEEL_ORDERS_MARKET to another market`,
    );
  return { candles, orders };
}

function recording(file: string | undefined, symbol: string, speed: number): RecordingConfig | undefined {
  return file === undefined ? undefined : { file, symbol, speed };
}

function feederUrls(text: string): readonly string[] {
  const urls = text.split(',').map((url) => url.trim());
  const wrong = urls.find((url) => !/^https?:\/\/[^\s/]+$/.test(url));
  if (wrong !== undefined)
    throw new ConfigError(
      `configuration: KEEL_FEEDER_URLS has "${wrong}": write addresses like http://127.0.0.1:7081 with commas between`,
    );
  if (new Set(urls).size < urls.length || urls.length > PRICE_FEEDERS_MAX)
    throw new ConfigError(`configuration: KEEL_FEEDER_URLS must be at most ${PRICE_FEEDERS_MAX} different addresses`);
  return urls;
}
