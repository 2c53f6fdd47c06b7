import { PPM, type Ppm, type PriceTicks } from '@keel/types';

/** The exchange and this process may round differently; a step keeps one part in a thousand away from the bound. */
const MARGIN_PPM = 1_000;

/**
 * The price nearest to `targetTicks` that the exchange takes after `indexTicks`, whose bound for one update is
 * `jumpPpm`. 0 = it has no index yet and takes any. Always at least one tick nearer.
 */
export function stepTowards(indexTicks: PriceTicks, targetTicks: PriceTicks, jumpPpm: Ppm): PriceTicks {
  if (indexTicks === 0) return targetTicks;
  const boundPpm = Math.max(0, jumpPpm - MARGIN_PPM);
  const boundTicks = Math.max(1, Math.floor((indexTicks * boundPpm) / PPM));
  return Math.max(indexTicks - boundTicks, Math.min(indexTicks + boundTicks, targetTicks));
}
