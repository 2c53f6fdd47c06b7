import type { CandleDoc } from '@keel/redis';
import type { MarketSpec, TimeMs } from '@keel/types';
import { formatPrice, formatSize } from '../../format/formatMarket.ts';

export interface CandleAnswer {
  /** First and last millisecond. */
  readonly t: TimeMs;
  readonly T: TimeMs;
  readonly s: string;
  readonly i: string;
  readonly o: string;
  readonly c: string;
  readonly h: string;
  readonly l: string;
  readonly v: string;
  readonly n: number;
}

/** What a candle says, of whichever interval. */
export type CandleFigures = Omit<CandleDoc, 'marketId' | 'interval'>;

/** `closeMs`: the last millisecond of its interval. */
export function writeCandle(candle: CandleFigures, spec: MarketSpec, interval: string, closeMs: TimeMs): CandleAnswer {
  return {
    t: candle.openTimeMs,
    T: closeMs,
    s: spec.baseAsset,
    i: interval,
    o: formatPrice(candle.openTicks, spec),
    c: formatPrice(candle.closeTicks, spec),
    h: formatPrice(candle.highTicks, spec),
    l: formatPrice(candle.lowTicks, spec),
    v: formatSize(candle.volumeLots, spec),
    n: candle.trades,
  };
}
