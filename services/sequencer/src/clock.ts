import type { TimeMs } from '@keel/types';

/**
 * Sequenced time: the wall clock, but never before the last command's time. When the wall clock steps back, sequenced
 * time stands still until it is caught up with.
 */
export function createClock(lastTimeMs: TimeMs, wallMs: () => TimeMs = Date.now): () => TimeMs {
  let last = lastTimeMs;
  return () => {
    last = Math.max(last, wallMs());
    return last;
  };
}

/** A wall clock that is further from where it should be has not drifted or been slewed, it has stepped. */
const STEP_MS = 500;

/**
 * As `createClock`, for one leadership of several nodes: a wall clock that steps meanwhile is not followed, because what it
 * made of sequenced time could not be taken back and would make the next leader's time stand still until its own clock is
 * there. A node whose clock is far from the others' does not begin to lead, so that it was right at the beginning.
 */
export function createSteadyClock(
  lastTimeMs: TimeMs,
  wallMs: () => TimeMs = Date.now,
  monotonicMs: () => number = () => performance.now(),
): () => TimeMs {
  let offsetMs = wallMs() - monotonicMs();
  return createClock(lastTimeMs, () => {
    const nowMs = monotonicMs();
    const wallOffsetMs = wallMs() - nowMs;
    if (Math.abs(wallOffsetMs - offsetMs) <= STEP_MS) offsetMs = wallOffsetMs;
    return Math.round(nowMs + offsetMs);
  });
}
