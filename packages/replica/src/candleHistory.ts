import {
  CANDLE_INTERVAL_MS,
  CANDLE_INTERVALS,
  CANDLES_PER_MARKET_MAX,
  type CandleDoc,
  type CandleInterval,
  type TradeDoc,
} from '@keel/redis';
import { Newest } from './newest.ts';

type Changing<Doc> = { -readonly [Field in keyof Doc]: Doc[Field] };

/** A candle that goes on changing until its interval is over. */
export type GrowingCandle = Changing<Omit<CandleDoc, 'volumeAtoms'>> & { volumeAtoms: bigint };

/** A candle as it is now. */
export function candleDocOf(candle: GrowingCandle): CandleDoc {
  return { ...candle, volumeAtoms: String(candle.volumeAtoms) };
}

function growing(candle: CandleDoc): GrowingCandle {
  // Older programs did not count it.
  const { volumeAtoms = '0' } = candle as Partial<CandleDoc>;
  return { ...candle, volumeAtoms: BigInt(volumeAtoms) };
}

/** Candles of one market, of every interval. */
export class CandleHistory {
  readonly #byInterval = new Map<CandleInterval, Newest<GrowingCandle>>(
    CANDLE_INTERVALS.map((interval) => [interval, new Newest(CANDLES_PER_MARKET_MAX)]),
  );

  /** Counts a trade that was worth so many atoms, and adds the candles that it changed to `changed`. */
  record(trade: TradeDoc, worthAtoms: bigint, changed: Set<GrowingCandle>): void {
    const { marketId, priceTicks, sizeLots, timeMs } = trade;
    for (const [interval, candles] of this.#byInterval) {
      const openTimeMs = timeMs - (timeMs % CANDLE_INTERVAL_MS[interval]);
      let candle = candles.last();
      if (candle?.openTimeMs !== openTimeMs) {
        candle = {
          marketId,
          interval,
          openTimeMs,
          openTicks: priceTicks,
          highTicks: priceTicks,
          lowTicks: priceTicks,
          closeTicks: priceTicks,
          volumeLots: 0,
          volumeAtoms: 0n,
          trades: 0,
        };
        candles.push(candle);
      }
      candle.highTicks = Math.max(candle.highTicks, priceTicks);
      candle.lowTicks = Math.min(candle.lowTicks, priceTicks);
      candle.closeTicks = priceTicks;
      candle.volumeLots += sizeLots;
      candle.volumeAtoms += worthAtoms;
      candle.trades += 1;
      changed.add(candle);
    }
  }

  /** Copies, intervals shortest first, of each oldest first. */
  list(): CandleDoc[] {
    return CANDLE_INTERVALS.flatMap((interval) => this.listOf(interval));
  }

  listOf(interval: CandleInterval): CandleDoc[] {
    return (this.#byInterval.get(interval)?.list() ?? []).map(candleDocOf);
  }

  /** Takes over candles of one interval, oldest first, before any trade. */
  load(candles: readonly CandleDoc[]): void {
    for (const candle of candles) this.#byInterval.get(candle.interval)?.push(growing(candle));
  }

  /** Makes the longer candles out of those of a minute: for a snapshot that has no others. The first may lack its beginning. */
  deriveLonger(minutes: readonly CandleDoc[]): void {
    for (const [interval, candles] of this.#byInterval) {
      if (interval === '1m') continue;
      for (const minute of minutes) {
        const openTimeMs = minute.openTimeMs - (minute.openTimeMs % CANDLE_INTERVAL_MS[interval]);
        const last = candles.last();
        if (last?.openTimeMs !== openTimeMs) {
          candles.push({ ...growing(minute), interval, openTimeMs });
          continue;
        }
        last.highTicks = Math.max(last.highTicks, minute.highTicks);
        last.lowTicks = Math.min(last.lowTicks, minute.lowTicks);
        last.closeTicks = minute.closeTicks;
        last.volumeLots += minute.volumeLots;
        last.volumeAtoms += growing(minute).volumeAtoms;
        last.trades += minute.trades;
      }
    }
  }
}
