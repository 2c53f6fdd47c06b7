import { divFloor, type SizeLots } from '@keel/types';

/** The most lots in 0 to `wanted` for which `fits` holds; asks about 0 never, and expects that what fits also fits in part. */
export function mostLots(wanted: SizeLots, fits: (lots: SizeLots) => boolean): SizeLots {
  if (wanted <= 0) return 0;
  if (fits(wanted)) return wanted;
  let good = 0;
  let bad = wanted;
  while (bad - good > 1) {
    const middle = good + divFloor(bad - good, 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
