import type { StartOptions } from './options.ts';

/** Recorded seconds per second: a week of candles in under three hours, half an hour of orders in three minutes. */
const CANDLES_SPEED = 60;
const ORDERS_SPEED = 10;

/** A recording moves the index (feeders); one of orders is traded too (bots). Both must be told the same market and pace. */
export function recordingEnv({ replay, orders, market, speed }: StartOptions): Record<string, string> {
  const candles = {
    KEEL_REPLAY_FILE: replay ?? '',
    KEEL_REPLAY_MARKET: market ?? 'BTC-USD',
    KEEL_REPLAY_SPEED: String(speed ?? CANDLES_SPEED),
  };
  const messages = {
    KEEL_INDEX_FROM_ORDERS: orders ?? '',
    KEEL_ORDERS_FILE: orders ?? '',
    KEEL_ORDERS_MARKET: market ?? 'ETH-USD',
    KEEL_ORDERS_SPEED: String(speed ?? ORDERS_SPEED),
  };
  return { ...(replay === undefined ? {} : candles), ...(orders === undefined ? {} : messages) };
}
