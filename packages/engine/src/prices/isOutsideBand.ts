import { type MarketSpec, PPM, type PriceTicks } from '@keel/types';

/** Whether a price is further from mark, or from an order's own trigger, than the market's band allows; 0 = none given. */
export function isOutsideBand(spec: MarketSpec, referenceTicks: PriceTicks, priceTicks: PriceTicks | 0): boolean {
  if (priceTicks === 0) return false;
  return Math.abs(priceTicks - referenceTicks) * PPM > referenceTicks * spec.priceBandPpm;
}
