import {
  CANDLE_INTERVAL_MS,
  CANDLE_INTERVALS,
  CANDLES_PER_MARKET_MAX,
  type CandleDoc,
  type CandleInterval,
  type TradeDoc,
} from '@keel/redis';
import { Newest } from './newest.ts';

/** A candle that goes on changing until its interval is over. */
export type GrowingCandle = { -readonly [Field in keyof CandleDoc]: CandleDoc[Field] };

/** Candles of one market, of every interval. */
export class CandleHistory {
  readonly #byInterval = new Map<CandleInterval, Newest<GrowingCandle>>(
    CANDLE_INTERVALS.map((interval) => [interval, new Newest(CANDLES_PER_MARKET_MAX)]),
  );

  /** Counts a trade and adds the candles that it changed to `changed`. */
  record(trade: TradeDoc, changed: Set<CandleDoc>): void {
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
          trades: 0,
        };
        candles.push(candle);
      }
      candle.highTicks = Math.max(candle.highTicks, priceTicks);
      candle.lowTicks = Math.min(candle.lowTicks, priceTicks);
      candle.closeTicks = priceTicks;
      candle.volumeLots += sizeLots;
      candle.trades += 1;
      changed.add(candle);
    }
  }

  /** Copies, intervals shortest first, of each oldest first. */
  list(): CandleDoc[] {
    return CANDLE_INTERVALS.flatMap((interval) => this.listOf(interval));
  }

  listOf(interval: CandleInterval): CandleDoc[] {
    return (this.#byInterval.get(interval)?.list() ?? []).map((candle) => ({ ...candle }));
  }

  /** Takes over candles of one interval, oldest first, before any trade. */
  load(candles: readonly CandleDoc[]): void {
    for (const candle of candles) this.#byInterval.get(candle.interval)?.push({ ...candle });
  }

  /** Makes the longer candles out of those of a minute: for a snapshot that has no others. The first may lack its beginning. */
  deriveLonger(minutes: readonly CandleDoc[]): void {
    for (const [interval, candles] of this.#byInterval) {
      if (interval === '1m') continue;
      for (const minute of minutes) {
        const openTimeMs = minute.openTimeMs - (minute.openTimeMs % CANDLE_INTERVAL_MS[interval]);
        const last = candles.last();
        if (last?.openTimeMs !== openTimeMs) {
          candles.push({ ...minute, interval, openTimeMs });
          continue;
        }
        last.highTicks = Math.max(last.highTicks, minute.highTicks);
        last.lowTicks = Math.min(last.lowTicks, minute.lowTicks);
        last.closeTicks = minute.closeTicks;
        last.volumeLots += minute.volumeLots;
        last.trades += minute.trades;
      }
    }
  }
}
