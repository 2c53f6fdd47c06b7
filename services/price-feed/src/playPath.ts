import { StartupFault } from '@keel/runtime';
import type { MarketStatus, PriceTicks } from '@keel/types';
import type { PricePath } from './pricePath.ts';
import type { PriceSource } from './priceSource.ts';

/**
 * Plays a recorded path from its beginning, `speed` recorded milliseconds per millisecond, and holds the last price
 * when it is over. On a path of lines every knot that was passed is given, so no extreme is lost between two looks.
 * Throws a StartupFault when a price of the file does not fit the market.
 */
export function playPath(
  path: PricePath,
  market: MarketStatus,
  options: { readonly source: 'candles' | 'orders'; readonly file: string; readonly speed: number },
): PriceSource {
  const ticks = path.pricesUsd.map((usd) => priceTicks(usd, market, options.file));
  const { timesMs } = path;
  const startMs = timesMs[0] ?? 0;
  const endMs = timesMs.at(-1) ?? 0;
  let nowMs = startMs;
  /** The last knot at or before `nowMs`. */
  let knot = 0;

  return {
    advance(passedMs) {
      nowMs = Math.min(endMs, nowMs + passedMs * options.speed);
      const passed: PriceTicks[] = [];
      while (knot + 1 < timesMs.length && (timesMs[knot + 1] as number) <= nowMs) {
        knot += 1;
        if (path.shape === 'lines') passed.push(ticks[knot] as number);
      }
      passed.push(presentTicks());
      return passed.filter((price, index) => price !== passed[index - 1]);
    },
    progress: () => ({
      source: options.source,
      file: options.file,
      recordedTime: new Date(nowMs).toISOString(),
      playedPercent: endMs === startMs ? 100 : Math.floor((1_000 * (nowMs - startMs)) / (endMs - startMs)) / 10,
      ended: nowMs >= endMs,
    }),
  };

  function presentTicks(): PriceTicks {
    const here = ticks[knot] as number;
    const nextMs = timesMs[knot + 1];
    if (path.shape === 'steps' || nextMs === undefined) return here;
    const fromMs = timesMs[knot] as number;
    const part = (nowMs - fromMs) / (nextMs - fromMs);
    return Math.round(here + ((ticks[knot + 1] as number) - here) * part);
  }
}

function priceTicks(usd: number, market: MarketStatus, file: string): PriceTicks {
  const ticks = Math.round(usd * 10 ** market.priceDecimals);
  if (ticks < 1 || ticks > market.maxPriceTicks)
    throw new StartupFault(
      `${file} has the price ${usd}, which ${market.symbol} cannot have: it takes prices up to ${market.maxPriceTicks / 10 ** market.priceDecimals}`,
    );
  return ticks;
}
