import { divFloor, type Event, mulDivCeil, mulDivFloor, PPM, type TimeMs } from '@keel/types';
import { BASIS_EMA_MS, MARK_REFRESH_MS, MEDIAN_EMA_MS, MILLI } from '../limits.ts';
import { suspectLiquidating, suspectLosers } from '../liquidation/watchAccount.ts';
import type { EngineState, MarketState } from '../state.ts';
import { collectFired } from '../triggers/collectFired.ts';
import { marketPermits } from './permissions.ts';

/**
 * Renews the marks that are due by time alone. A stale market keeps the mark it had, until an index update renews it.
 * The markets are looked at when one may be due, not with every command.
 */
export function renewDueMarks(state: EngineState, events: Event[]): void {
  if (state.timeMs < state.nextMarkDueMs) return;
  state.nextMarkDueMs = Number.POSITIVE_INFINITY;
  for (const market of state.markets) {
    if (!marketPermits(state, market, 'movePrices')) continue;
    if (state.timeMs - market.markTimeMs >= MARK_REFRESH_MS) renewMark(state, market, false, events);
    else noteDue(state, market);
  }
}

function noteDue(state: EngineState, { markTimeMs }: MarketState): void {
  state.nextMarkDueMs = Math.min(state.nextMarkDueMs, markTimeMs + MARK_REFRESH_MS);
}

/**
 * Mark = median of: index + average basis of the book's middle; median(best bid, best ask, last); index + average
 * distance of that median. Kept inside index +- markBandPpm, rounded down to a tick. A missing bid, ask or last counts
 * as the index, so an empty book drifts back to it. Whoever may have lost too much is looked at afterwards, and triggers
 * that the new mark meets have their turns.
 *
 * Marks pause while the index is stale, and in a halt. The book that is found `afterStale` may be one trader's own, and
 * in a halt nobody could trade against it, so it counts for one refresh only and not as if it had stood there all the
 * while.
 */
export function renewMark(state: EngineState, market: MarketState, afterStale: boolean, events: Event[]): void {
  const { spec, book, indexTicks } = market;
  const indexMilli = indexTicks * MILLI;
  const bid = book.bestBid;
  const ask = book.bestAsk;
  const middleMilli = bid > 0 && ask > 0 ? divFloor((bid + ask) * MILLI, 2) : indexMilli;
  const medianMilli = median(bid || indexTicks, ask || indexTicks, market.lastTicks || indexTicks) * MILLI;
  const sinceMs = market.markTimeMs === 0 ? 0 : state.timeMs - market.markTimeMs;
  const elapsedMs = afterStale ? Math.min(sinceMs, MARK_REFRESH_MS) : sinceMs;
  market.basisEmaMilli = emaStep(market.basisEmaMilli, middleMilli - indexMilli, elapsedMs, BASIS_EMA_MS);
  market.medianEmaMilli = emaStep(market.medianEmaMilli, medianMilli - indexMilli, elapsedMs, MEDIAN_EMA_MS);
  market.markTimeMs = state.timeMs;
  noteDue(state, market);

  const markMilli = median(indexMilli + market.basisEmaMilli, medianMilli, indexMilli + market.medianEmaMilli);
  const lowest = Math.max(1, mulDivCeil(indexTicks, PPM - spec.markBandPpm, PPM));
  const highest = Math.min(spec.maxPriceTicks, mulDivFloor(indexTicks, PPM + spec.markBandPpm, PPM));
  const markTicks = Math.min(Math.max(divFloor(markMilli, MILLI), lowest), highest);
  state.dirty.markets.add(spec.marketId);
  suspectLiquidating(state, market);
  if (markTicks === market.markTicks) return;
  market.markTicks = markTicks;
  suspectLosers(state, market);
  events.push({ kind: 'markPriceUpdated', marketId: spec.marketId, markTicks });
  collectFired(state, market);
}

/** One step of an exponential average: ema += floor((x - ema) * dt / (tau + dt)). */
export function emaStep(ema: number, x: number, elapsedMs: TimeMs, tauMs: TimeMs): number {
  return elapsedMs === 0 ? ema : ema + mulDivFloor(x - ema, elapsedMs, tauMs + elapsedMs);
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
