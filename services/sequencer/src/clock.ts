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
