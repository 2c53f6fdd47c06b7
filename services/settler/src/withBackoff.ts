const WAIT_MS_MIN = 500;
const WAIT_MS_MAX = 10_000;

/**
 * `run`, but after a failure calls do nothing for a while: half a second, then twice as long each time, at most ten
 * seconds. What `run` throws is thrown on. `nowMs` is a monotonic clock.
 */
export function withBackoff(run: () => Promise<void>, nowMs: () => number): () => Promise<void> {
  let failures = 0;
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (nowMs() < notBeforeMs) return;
    try {
      await run();
      failures = 0;
    } catch (fault) {
      notBeforeMs = nowMs() + Math.min(WAIT_MS_MIN * 2 ** failures, WAIT_MS_MAX);
      failures += 1;
      throw fault;
    }
  };
}
