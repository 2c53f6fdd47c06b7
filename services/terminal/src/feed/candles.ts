import type { Candle, Trade } from '@keel/client';

/** A candle for drawing: the only place where prices of the page become floating point. */
export interface CandleBar {
  /** Start of its minute in seconds. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

const MINUTE_SECONDS = 60;

export function toBar(row: Candle): CandleBar {
  return {
    time: Math.floor(row.time / 1000),
    open: Number(row.open),
    high: Number(row.high),
    low: Number(row.low),
    close: Number(row.close),
    volume: Number(row.volume),
  };
}

/** The bar that a trade makes of the last one: the same minute grown, or a new minute; undefined for an older trade. */
export function barAfterTrade(last: CandleBar | undefined, trade: Trade): CandleBar | undefined {
  const seconds = Math.floor(trade.time / 1000);
  const time = seconds - (seconds % MINUTE_SECONDS);
  const price = Number(trade.price);
  const size = Number(trade.size);
  if (last !== undefined && time < last.time) return undefined;
  if (last === undefined || time > last.time) {
    return { time, open: price, high: price, low: price, close: price, volume: size };
  }
  return {
    ...last,
    high: Math.max(last.high, price),
    low: Math.min(last.low, price),
    close: price,
    volume: last.volume + size,
  };
}
