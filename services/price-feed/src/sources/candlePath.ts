import type { Candle } from './parseCandles.ts';
import type { PricePath } from './pricePath.ts';

/** A file of one candle does not say how long its candles are. */
const ONE_CANDLE_MS = 60_000;

/**
 * Each candle as open, the two extremes and close, a third of its time apart. The extreme nearer to the open comes
 * first: the price then walks no further than it must have.
 */
export function candlePath(candles: readonly Candle[]): PricePath {
  const timesMs: number[] = [];
  const pricesUsd: number[] = [];
  const lengthMs = (candles[1]?.openTimeMs ?? 0) - (candles[0]?.openTimeMs ?? 0);
  const usualMs = lengthMs > 0 ? lengthMs : ONE_CANDLE_MS;
  candles.forEach((candle, index) => {
    const untilNextMs = (candles[index + 1]?.openTimeMs ?? Number.POSITIVE_INFINITY) - candle.openTimeMs;
    const candleMs = Math.min(usualMs, untilNextMs);
    const highFirst = candle.highUsd - candle.openUsd < candle.openUsd - candle.lowUsd;
    const extremes = highFirst ? [candle.highUsd, candle.lowUsd] : [candle.lowUsd, candle.highUsd];
    [candle.openUsd, ...extremes, candle.closeUsd].forEach((priceUsd, knot) => {
      timesMs.push(candle.openTimeMs + (candleMs * knot) / 3);
      pricesUsd.push(priceUsd);
    });
  });
  return { shape: 'lines', timesMs, pricesUsd };
}
