import { divFloor, type Event, type TimeMs } from '@keel/types';
import { samplePremium } from './funding/samplePremium.ts';
import { settleHour } from './funding/settleHour.ts';
import { FUNDING_PERIOD_MS, PREMIUM_SAMPLE_MS } from './limits.ts';
import { isFresh } from './prices/isFresh.ts';
import { renewDueMarks } from './prices/renewMark.ts';
import type { EngineState } from './state.ts';

/**
 * Moves sequenced time to `timeMs`. However long the gap, the work is the same: samples and hours that were missed in
 * it had no price of their own, so all of them together count as one. A sample due with the hour belongs to that hour.
 */
export function letTimePass(state: EngineState, timeMs: TimeMs, events: Event[]): void {
  const before = state.timeMs;
  state.timeMs = timeMs;
  if (timeMs === before) return;
  if (passes(before, timeMs, PREMIUM_SAMPLE_MS)) {
    for (const market of state.markets) if (isFresh(state, market)) samplePremium(state, market);
  }
  if (passes(before, timeMs, FUNDING_PERIOD_MS)) {
    for (const market of state.markets) if (market.indexTicks > 0) settleHour(state, market, events);
  }
  renewDueMarks(state, events);
}

/** Whether a multiple of the period lies in (fromMs, toMs]. */
function passes(fromMs: TimeMs, toMs: TimeMs, periodMs: TimeMs): boolean {
  return divFloor(fromMs, periodMs) !== divFloor(toMs, periodMs);
}
