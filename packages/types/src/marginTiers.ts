import type { MarketSpec } from './market.ts';
import { divFloor, mulDivCeil, mulDivFloor, PPM, type Ppm, type PriceTicks, type QuoteAtoms } from './units.ts';

/** What margin needs to know of a market's terms; a certificate carries these and no more. */
export type MarginSpec = Pick<
  MarketSpec,
  | 'marketId'
  | 'atomsPerTickLot'
  | 'maxPriceTicks'
  | 'initialMarginPpm'
  | 'maintenanceMarginPpm'
  | 'marginTiers'
  | 'openInterestLowerAtoms'
  | 'openInterestUpperAtoms'
>;

/**
 * MM of a position of this notional: ceil(N * rate) - deduction, rate and deduction of the highest tier whose floor lies
 * below N. The deductions make it continuous: at a floor both tiers give the same.
 */
export function maintenanceAtomsOf(spec: MarginSpec, notional: QuoteAtoms): QuoteAtoms {
  let ppm = spec.maintenanceMarginPpm;
  let deductedAtoms = 0;
  for (const tier of spec.marginTiers) {
    if (tier.floorNotionalAtoms >= notional) break;
    deductedAtoms += deductionAtoms(tier.floorNotionalAtoms, tier.maintenanceMarginPpm - ppm);
    ppm = tier.maintenanceMarginPpm;
  }
  return mulDivCeil(notional, ppm, PPM) - deductedAtoms;
}

/**
 * IM of this notional by tiers, their rates raised by open interest, or 1 / leverage of it where that is more. Leverage
 * 0 = none was set. Rounded up.
 */
export function initialAtomsOf(
  spec: MarginSpec,
  openInterestAtoms: QuoteAtoms,
  leverage: number,
  notional: QuoteAtoms,
): QuoteAtoms {
  let ppm = scaledInitialPpm(spec, spec.initialMarginPpm, openInterestAtoms);
  let deductedAtoms = 0;
  for (const tier of spec.marginTiers) {
    if (tier.floorNotionalAtoms >= notional) break;
    const tierPpm = scaledInitialPpm(spec, tier.initialMarginPpm, openInterestAtoms);
    deductedAtoms += deductionAtoms(tier.floorNotionalAtoms, tierPpm - ppm);
    ppm = tierPpm;
  }
  const atoms = mulDivCeil(notional, ppm, PPM) - deductedAtoms;
  return leverage === 0 ? atoms : Math.max(atoms, mulDivCeil(notional, 1, leverage));
}

/** What a rate that is higher by `ppm` from the floor on would take too much below it. Exact: a floor is whole USDC. */
function deductionAtoms(floorAtoms: QuoteAtoms, ppm: Ppm): QuoteAtoms {
  return divFloor(floorAtoms, PPM) * ppm;
}

/**
 * An initial rate raised towards 100 % while open interest goes from the market's lower to its upper bound, rounded down
 * to a ppm. A higher rate stays the higher one.
 */
export function scaledInitialPpm(
  { openInterestLowerAtoms, openInterestUpperAtoms }: MarginSpec,
  ppm: Ppm,
  openInterestAtoms: QuoteAtoms,
): Ppm {
  if (openInterestUpperAtoms === 0 || openInterestAtoms <= openInterestLowerAtoms) return ppm;
  if (openInterestAtoms >= openInterestUpperAtoms) return PPM;
  const overAtoms = openInterestAtoms - openInterestLowerAtoms;
  return ppm + mulDivFloor(PPM - ppm, overAtoms, openInterestUpperAtoms - openInterestLowerAtoms);
}

/** Open interest as notional at mark. Beyond the safe integers it is only some number beyond every upper bound. */
export function openInterestAtoms(
  { atomsPerTickLot, openInterestUpperAtoms }: MarginSpec,
  markTicks: PriceTicks,
  openInterestLots: number,
): QuoteAtoms {
  return openInterestUpperAtoms === 0 ? 0 : markTicks * openInterestLots * atomsPerTickLot;
}

/** The rate that one more lot, or one less, of a position of this notional has: that of its tier. */
export function marginalMaintenancePpm(spec: MarginSpec, notional: QuoteAtoms): Ppm {
  let ppm = spec.maintenanceMarginPpm;
  for (const tier of spec.marginTiers) {
    if (tier.floorNotionalAtoms >= notional) break;
    ppm = tier.maintenanceMarginPpm;
  }
  return ppm;
}

/** The highest maintenance rate of the market: that of its last tier. */
export function topMaintenancePpm({ maintenanceMarginPpm, marginTiers }: MarginSpec): Ppm {
  return marginTiers.at(-1)?.maintenanceMarginPpm ?? maintenanceMarginPpm;
}

/** The highest leverage that may be set: what the lowest tier allows. */
export function maxLeverage({ initialMarginPpm }: MarginSpec): number {
  return divFloor(PPM, initialMarginPpm);
}
