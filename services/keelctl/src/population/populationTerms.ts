import { PPM, type Ppm, type QuoteAtoms } from '@keel/types';

/** 10^6 atoms. */
export const USDC_ATOMS = 1_000_000;

/** Who is on a synthetic exchange, and what its markets have in reserve; all of it follows from these and the seed. */
export interface PopulationTerms {
  readonly seed: number;
  /** Leveraged traders, over all markets. */
  readonly accounts: number;
  readonly markets: number;
  /** Each trader draws a whole number from lowest to highest. */
  readonly lowestLeverage: number;
  readonly highestLeverage: number;
  /** Each trader draws a notional between these: as many between 1,000 and 10,000 as between 10,000 and 100,000. */
  readonly smallestAtoms: QuoteAtoms;
  readonly largestAtoms: QuoteAtoms;
  /** Part of the traders that is long. */
  readonly longPpm: Ppm;
  /** Part of the longs that opened before a rise of `risePpm` over `riseMs` and adds to its position out of paper gains. */
  readonly earlyPpm: Ppm;
  readonly risePpm: Ppm;
  readonly riseMs: number;
  /** Part of a market's planned open interest that one more long wants for itself, at `whaleLeverage`. */
  readonly whalePpm: Ppm;
  readonly whaleLeverage: number;
  /** Accounts of low leverage that hold what longs and shorts do not have against each other. */
  readonly hedgers: number;
  /** What stands behind a market, as parts of its planned open interest; the vault may lose half of what it has. */
  readonly insurancePpm: Ppm;
  readonly backstopPpm: Ppm;
}

export const POPULATION: PopulationTerms = {
  seed: 1,
  accounts: 1_000,
  markets: 3,
  lowestLeverage: 5,
  highestLeverage: 50,
  smallestAtoms: 1_000 * USDC_ATOMS,
  largestAtoms: 300_000 * USDC_ATOMS,
  longPpm: 650_000,
  earlyPpm: 150_000,
  risePpm: 30_000,
  riseMs: 30_000,
  whalePpm: 100_000,
  whaleLeverage: 8,
  hedgers: 40,
  insurancePpm: 2_000,
  backstopPpm: 10_000,
};

/** Largest leverage of a synthetic market at no open interest. */
export const HIGHEST_LEVERAGE = 50;
/** 1 / leverage as a part of a million, rounded up: what a position needs, and no less. */
export function marginPpmOf(leverage: number): Ppm {
  return Math.ceil(PPM / leverage);
}
