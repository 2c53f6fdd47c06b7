import type { PricePath } from './pricePath.ts';
import type { PriceSource, Turn } from './priceSource.ts';
import { walkFrom } from './walkFrom.ts';

/** Of more knots than this in one turn only the lowest, the highest and the last are told: each costs a signature. */
const KNOTS_PER_TURN_MAX = 16;

/** A recorded file that moves one feed. */
export interface Recording {
  readonly source: 'candles' | 'orders';
  readonly file: string;
  /** The feed whose price it is. */
  readonly symbol: string;
  /** Recorded milliseconds per millisecond. */
  readonly speed: number;
  readonly path: PricePath;
}

/**
 * Plays a recorded path from its beginning and holds the last price when it is over. On a path of lines every knot that
 * was passed is given, so no extreme is lost between two looks.
 */
export function playPath({ source, file, symbol, speed, path }: Recording): PriceSource {
  const { timesMs, pricesUsd } = path;
  const startMs = timesMs[0] ?? 0;
  const endMs = timesMs.at(-1) ?? 0;
  const recordedMs = (playedMs: number): number => Math.min(endMs, startMs + playedMs * speed);

  return {
    name: file,
    observe(feed, turn) {
      if (feed.name !== symbol) return undefined;
      const prices = walked(turn).map((price) => walkFrom(feed.startUsd, price, turn.toMs));
      return { pricesUsd: prices, perpUsd: 0, timeMs: turn.nowMs };
    },
    progress(feed, turn) {
      if (feed.name !== symbol) return undefined;
      const nowMs = recordedMs(turn.toMs);
      const part = endMs === startMs ? 1 : (nowMs - startMs) / (endMs - startMs);
      return {
        source,
        file,
        recordedTime: new Date(nowMs).toISOString(),
        playedPercent: Math.floor(1_000 * part) / 10,
        ended: nowMs >= endMs,
        targetUsd: priceAt(nowMs),
      };
    },
    close: () => undefined,
  };

  /** What the recording said since the last look, each price once, the present one last. */
  function walked({ fromMs, toMs }: Turn): readonly number[] {
    const nowMs = recordedMs(toMs);
    const prices = path.shape === 'lines' ? knotsBetween(recordedMs(fromMs), nowMs) : [];
    prices.push(priceAt(nowMs));
    return prices.filter((price, index) => price !== prices[index - 1]);
  }

  function knotsBetween(fromMs: number, toMs: number): number[] {
    const first = knotAt(fromMs) + 1;
    const knots = pricesUsd.slice(first, Math.max(first, knotAt(toMs) + 1));
    if (knots.length <= KNOTS_PER_TURN_MAX) return knots;
    const extremes = [knots.indexOf(Math.min(...knots)), knots.indexOf(Math.max(...knots))].sort((a, b) => a - b);
    return extremes.map((place) => knots[place] as number);
  }

  /** The last knot at or before a recorded time. */
  function knotAt(timeMs: number): number {
    let low = 0;
    let high = timesMs.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((timesMs[middle] as number) <= timeMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function priceAt(timeMs: number): number {
    const knot = knotAt(timeMs);
    const here = pricesUsd[knot] as number;
    const nextMs = timesMs[knot + 1];
    if (path.shape === 'steps' || nextMs === undefined) return here;
    const fromMs = timesMs[knot] as number;
    return here + ((pricesUsd[knot + 1] as number) - here) * ((timeMs - fromMs) / (nextMs - fromMs));
  }
}
