import {
  CANDLE_INTERVAL_MS,
  CANDLES_PER_MARKET_MAX,
  type CandleDoc,
  type CandleInterval,
  type ReadModel,
} from '@keel/redis';
import { divFloor, type MarketSpec, mulExact, type TimeMs } from '@keel/types';
import { type CandleAnswer, type CandleFigures, writeCandle } from '../format/writeCandle.ts';

/** The candles that these clients know, each with the kept ones that it is put together from. */
const PARTS = {
  '1m': '1m',
  '3m': '1m',
  '5m': '5m',
  '15m': '15m',
  '30m': '15m',
  '1h': '1h',
  '2h': '1h',
  '4h': '4h',
  '8h': '4h',
  '12h': '4h',
  '1d': '1d',
  '3d': '1d',
  '1w': '1d',
  '1M': '1d',
} as const satisfies Record<string, CandleInterval>;

export type ClientInterval = keyof typeof PARTS;
export const CLIENT_INTERVALS = Object.keys(PARTS) as ClientInterval[];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 1970 began on a Thursday; weeks begin on Mondays. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const LENGTH_MS: Readonly<Record<Exclude<ClientInterval, '1M'>, number>> = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
};

/** First millisecond of the candle that holds `timeMs`, and of the next one. In UTC. */
export function candleBounds(interval: ClientInterval, timeMs: TimeMs): readonly [openMs: TimeMs, nextMs: TimeMs] {
  if (interval === '1M') {
    const date = new Date(timeMs);
    const month = (after: number): TimeMs => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + after, 1);
    return [month(0), month(1)];
  }
  const lengthMs = LENGTH_MS[interval];
  const fromMs = interval === '1w' ? FIRST_MONDAY_MS : 0;
  const openMs = mulExact(divFloor(timeMs - fromMs, lengthMs), lengthMs) + fromMs;
  return [openMs, openMs + lengthMs];
}

/** The candle as it is now of a client's interval, from the kept ones in it, oldest first; at least one. */
function fold(openTimeMs: TimeMs, parts: readonly CandleDoc[]): CandleFigures {
  const [first] = parts as [CandleDoc, ...CandleDoc[]];
  let { highTicks, lowTicks, closeTicks } = first;
  let volumeLots = 0;
  let volumeAtoms = 0n;
  let trades = 0;
  for (const part of parts) {
    highTicks = Math.max(highTicks, part.highTicks);
    lowTicks = Math.min(lowTicks, part.lowTicks);
    closeTicks = part.closeTicks;
    volumeLots += part.volumeLots;
    volumeAtoms += BigInt(part.volumeAtoms);
    trades += part.trades;
  }
  const { openTicks } = first;
  return {
    openTimeMs,
    openTicks,
    highTicks,
    lowTicks,
    closeTicks,
    volumeLots,
    volumeAtoms: String(volumeAtoms),
    trades,
  };
}

/** Kept candles, oldest first, as those of a client's interval. */
export function foldCandles(candles: readonly CandleDoc[], spec: MarketSpec, interval: ClientInterval): CandleAnswer[] {
  const groups = new Map<TimeMs, CandleDoc[]>();
  for (const candle of candles) {
    const [openMs] = candleBounds(interval, candle.openTimeMs);
    const group = groups.get(openMs);
    if (group === undefined) groups.set(openMs, [candle]);
    else group.push(candle);
  }
  return [...groups].map(([openMs, parts]) => {
    const [, nextMs] = candleBounds(interval, openMs);
    return writeCandle(fold(openMs, parts), spec, interval, nextMs - 1);
  });
}

/**
 * Candles that begin from the one that holds `startMs` on and not after `endMs`, oldest first, as far back as they are kept.
 * An interval without a trade has none. Rejects with ReadModelUnavailable.
 */
export async function readCandles(
  readModel: ReadModel,
  spec: MarketSpec,
  interval: ClientInterval,
  startMs: TimeMs,
  endMs: TimeMs,
): Promise<CandleAnswer[]> {
  const part = PARTS[interval];
  const [fromMs] = candleBounds(interval, Math.min(startMs, Date.now()));
  // One that is about to begin, and clocks that differ a little.
  const wanted = divFloor(Math.max(0, Date.now() - fromMs), CANDLE_INTERVAL_MS[part]) + 3;
  const limit = Math.min(CANDLES_PER_MARKET_MAX, wanted);
  const { candles } = await readModel.candles(spec.marketId, part, limit);
  const asked = candles.filter(({ openTimeMs }) => openTimeMs >= fromMs);
  return foldCandles(asked, spec, interval).filter(({ t }) => t <= endMs);
}
