import { divFloor, type Event, mulDivCeil, mulDivFloor, PPM, type PriceTicks, type TimeMs } from '@keel/types';
import { BASIS_EMA_MS, MARK_REFRESH_MS, MEDIAN_EMA_MS, MILLI } from '../limits.ts';
import { suspectLosers } from '../liquidation/watchAccount.ts';
import type { EngineState, MarketState } from '../state.ts';
import { collectFired } from '../triggers/collectFired.ts';
import { marketPermits } from './permissions.ts';
import { triggersWait } from './resumeStage.ts';

/** A minute's milliseconds times 10^6. */
const MINUTE_PPM = 60_000 * PPM;

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
 * Mark = median of: index + average basis of the book's middle; median(best bid, best ask, last); the middle of
 * perpetuals elsewhere, or while that is not fed index + average distance of the second. Kept inside index +-
 * markBandPpm, rounded down to a tick. A missing bid, ask or last counts as the index, so an empty book drifts back to
 * it. Whoever may have lost too much is looked at afterwards, and triggers that the new mark meets have their turns.
 *
 * Marks pause while the index is stale, and in a halt; in the stages after it, up to open, the book does not count. The
 * book that is found `afterStale` may be one trader's own, and in a halt nobody could trade against it, so it counts for
 * one refresh only and not as if it had stood there all the while.
 */
export function renewMark(state: EngineState, market: MarketState, afterStale: boolean, events: Event[]): void {
  const { spec, book, indexTicks } = market;
  const indexMilli = indexTicks * MILLI;
  // On the way back from a halt nobody can trade against what rests, so it says nothing of a price.
  const counts = !triggersWait(market);
  const bid = counts ? book.bestBid : 0;
  const ask = counts ? book.bestAsk : 0;
  const last = counts ? market.lastTicks : 0;
  market.markBidTicks = bid;
  market.markAskTicks = ask;
  market.markLastTicks = last;
  const middleMilli = bid > 0 && ask > 0 ? divFloor((bid + ask) * MILLI, 2) : indexMilli;
  const medianMilli = median(bid || indexTicks, ask || indexTicks, last || indexTicks) * MILLI;
  const sinceMs = market.markTimeMs === 0 ? 0 : state.timeMs - market.markTimeMs;
  const elapsedMs = afterStale ? Math.min(sinceMs, MARK_REFRESH_MS) : sinceMs;
  market.basisEmaMilli = emaStep(market.basisEmaMilli, middleMilli - indexMilli, elapsedMs, BASIS_EMA_MS);
  market.medianEmaMilli = emaStep(market.medianEmaMilli, medianMilli - indexMilli, elapsedMs, MEDIAN_EMA_MS);
  market.markTimeMs = state.timeMs;
  noteDue(state, market);

  const thirdMilli = market.perpTicks > 0 ? market.perpTicks * MILLI : indexMilli + market.medianEmaMilli;
  const markMilli = median(indexMilli + market.basisEmaMilli, medianMilli, thirdMilli);
  const lowest = Math.max(1, mulDivCeil(indexTicks, PPM - spec.markBandPpm, PPM));
  const highest = Math.min(spec.maxPriceTicks, mulDivFloor(indexTicks, PPM + spec.markBandPpm, PPM));
  const markTicks = Math.min(Math.max(divFloor(markMilli, MILLI), lowest), highest);
  state.dirty.markets.add(spec.marketId);
  followMark(state, market, markTicks, afterStale);
  if (markTicks === market.markTicks) return;
  market.markTicks = markTicks;
  suspectLosers(state, market);
  events.push({ kind: 'markPriceUpdated', marketId: spec.marketId, markTicks });
  collectFired(state, market);
}

/**
 * The stable price moves towards the mark by at most floor(itself * stablePriceMovePpm * time / a minute); time that did
 * not suffice for a tick is kept. After a stale time only one refresh counts, as in the averages.
 */
function followMark(state: EngineState, market: MarketState, markTicks: PriceTicks, afterStale: boolean): void {
  const { spec, stableTicks } = market;
  const missing = markTicks - stableTicks;
  let most = Math.abs(missing);
  if (stableTicks > 0 && spec.stablePriceMovePpm > 0) {
    const sinceMs = state.timeMs - market.stableTimeMs;
    const elapsedMs = afterStale ? Math.min(sinceMs, MARK_REFRESH_MS) : sinceMs;
    most = mulDivFloor(stableTicks * spec.stablePriceMovePpm, elapsedMs, MINUTE_PPM);
  }
  market.stableTicks += Math.min(Math.max(missing, -most), most);
  if (afterStale || most > 0 || missing === 0) market.stableTimeMs = state.timeMs;
}

/** One step of an exponential average: ema += floor((x - ema) * dt / (tau + dt)). */
export function emaStep(ema: number, x: number, elapsedMs: TimeMs, tauMs: TimeMs): number {
  return elapsedMs === 0 ? ema : ema + mulDivFloor(x - ema, elapsedMs, tauMs + elapsedMs);
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
