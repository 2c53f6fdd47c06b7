import { divFloor, type Event, type TimeMs } from '@keel/types';
import { samplePremium } from './funding/samplePremium.ts';
import { settleHour } from './funding/settleHour.ts';
import { FUNDING_PERIOD_MS, PREMIUM_SAMPLE_MS } from './limits.ts';
import { marketPermits } from './prices/permissions.ts';
import { renewDueMarks } from './prices/renewMark.ts';
import { advanceResumes, resumeAfterOutage } from './prices/resume.ts';
import type { EngineState } from './state.ts';
import { expireOrders } from './timers/expireOrders.ts';
import { fireDeadlines } from './timers/fireDeadlines.ts';
import { runSlices } from './timers/runSlices.ts';
import { fireTriggers } from './triggers/fireTriggers.ts';
import { lookAgainAtWarned } from './warning/lookAgainAtWarned.ts';

/**
 * Moves sequenced time to `timeMs`: markets that come back from a halt go on, orders whose time is over go, dead-man
 * switches go off, prices and funding move, triggers that were met fire, TWAP orders have their slices. However long the
 * gap, the work is bounded; what is beyond the bounds comes with the next commands, so each step is asked even when no
 * time passed.
 */
export function letTimePass(state: EngineState, timeMs: TimeMs, events: Event[]): void {
  const before = state.timeMs;
  state.timeMs = timeMs;
  resumeAfterOutage(state, timeMs - before, events);
  advanceResumes(state, events);
  expireOrders(state, events);
  fireDeadlines(state, events);
  if (timeMs !== before) movePrices(state, before, events);
  fireTriggers(state, events);
  runSlices(state, events);
  lookAgainAtWarned(state);
}

/**
 * Samples and hours that were missed in a gap had no price of their own, so all of them together count as one. A sample
 * due with the hour belongs to that hour.
 */
function movePrices(state: EngineState, before: TimeMs, events: Event[]): void {
  const { timeMs } = state;
  if (passes(before, timeMs, PREMIUM_SAMPLE_MS)) {
    for (const market of state.markets) if (marketPermits(state, market, 'movePrices')) samplePremium(state, market);
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
