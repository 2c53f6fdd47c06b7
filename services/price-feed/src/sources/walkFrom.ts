/** Part of the price that half a second of play may add: two turns of a second stay inside a circuit band of 20 %. */
const REACH_PER_STEP = 1.04;
const STEP_MS = 500;

/**
 * A recording that begins far from where the exchange stands is walked to, because a leap would trip the circuit band and
 * stop new risk for a minute. Gives the price nearest to `targetUsd` that is within reach of `startUsd` after `playedMs`;
 * `startUsd` 0 = everything is. The reach only grows, so what has been reached is never left again.
 */
export function walkFrom(startUsd: number, targetUsd: number, playedMs: number): number {
  if (startUsd === 0) return targetUsd;
  const reach = REACH_PER_STEP ** Math.min(10_000, playedMs / STEP_MS);
  return Math.max(startUsd / reach, Math.min(startUsd * reach, targetUsd));
}
