import {
  integerSetting,
  numberSetting,
  portSetting,
  readConfig,
  StartupFault,
  secretSetting,
  Type,
  textSetting,
  urlSetting,
} from '@keel/runtime';

const schema = Type.Object({
  KEEL_ADMIN_PORT: portSetting(7073),
  KEEL_ADMIN_HOST: textSetting('the address the admin port listens on', '127.0.0.1', '127.0.0.1'),
  KEEL_INTAKE_URL: urlSetting("the sequencer's intake", ['ws', 'wss'], 'ws://127.0.0.1:7070', 'ws://127.0.0.1:7070'),
  KEEL_INTAKE_TOKEN: secretSetting('the secret shared with the sequencer'),
  KEEL_PRICE_INTERVAL_MS: integerSetting('milliseconds between two index prices', {
    minimum: 50,
    maximum: 5_000,
    default: 500,
  }),
  KEEL_PRICE_SEED: integerSetting('the seed of the simulation', { minimum: 0, maximum: 4_294_967_295, default: 1 }),
  KEEL_PRICE_VOLATILITY: numberSetting('how much stronger than usual the simulation moves', {
    minimum: 0,
    maximum: 10,
    default: 1,
  }),
  KEEL_REPLAY_FILE: Type.Optional(textSetting('a candle file, .csv or .csv.gz', 'btcusd_1m.csv.gz')),
  KEEL_REPLAY_MARKET: textSetting('the market whose index the candles are', 'BTC-USD', 'BTC-USD'),
  KEEL_REPLAY_SPEED: numberSetting('recorded seconds per second', { minimum: 0.1, maximum: 3_600, default: 60 }),
  KEEL_INDEX_FROM_ORDERS: Type.Optional(textSetting('a LOBSTER message file, .csv or .csv.gz', 'messages.csv.gz')),
  KEEL_ORDERS_MARKET: textSetting('the market whose index the executions are', 'SOL-USD', 'SOL-USD'),
  KEEL_ORDERS_SPEED: numberSetting('recorded seconds per second', { minimum: 0.1, maximum: 3_600, default: 1 }),
});

/** A recorded file that moves one market's index. */
export interface RecordingConfig {
  readonly file: string;
  readonly symbol: string;
  /** Recorded milliseconds per millisecond. */
  readonly speed: number;
}

export interface PriceFeedConfig {
  readonly adminPort: number;
  readonly adminHost: string;
  readonly intakeUrl: string;
  readonly intakeToken: string;
  readonly intervalMs: number;
  readonly seed: number;
  readonly volatility: number;
  readonly candles: RecordingConfig | undefined;
  readonly orders: RecordingConfig | undefined;
}

/** The settings of this process. Throws ConfigError or StartupFault with one sentence. */
export function loadConfig(): PriceFeedConfig {
  const env = readConfig(schema, process.env);
  const candles = recording(env.KEEL_REPLAY_FILE, env.KEEL_REPLAY_MARKET, env.KEEL_REPLAY_SPEED);
  const orders = recording(env.KEEL_INDEX_FROM_ORDERS, env.KEEL_ORDERS_MARKET, env.KEEL_ORDERS_SPEED);
  if (candles !== undefined && candles.symbol === orders?.symbol)
    throw new StartupFault(
      `KEEL_REPLAY_FILE and KEEL_INDEX_FROM_ORDERS both move ${candles.symbol}: set KEEL_REPLAY_MARKET or KEEL_ORDERS_MARKET to another market`,
    );
  return {
    adminPort: env.KEEL_ADMIN_PORT,
    adminHost: env.KEEL_ADMIN_HOST,
    intakeUrl: env.KEEL_INTAKE_URL,
    intakeToken: env.KEEL_INTAKE_TOKEN,
    intervalMs: env.KEEL_PRICE_INTERVAL_MS,
    seed: env.KEEL_PRICE_SEED,
    volatility: env.KEEL_PRICE_VOLATILITY,
    candles,
    orders,
  };
}

function recording(file: string | undefined, symbol: string, speed: number): RecordingConfig | undefined {
  return file === undefined ? undefined : { file, symbol, speed };
}
