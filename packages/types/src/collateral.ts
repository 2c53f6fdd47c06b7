import type { AssetId } from './ids.ts';
import {
  divCeilBig,
  divFloorBig,
  PPM,
  type Ppm,
  type PriceTicks,
  QUOTE_DECIMALS,
  type QuoteAtoms,
  type TimeMs,
} from './units.ts';

/** A token other than USDC that counts as collateral, fixed when it is listed. Borrowing it is never implied. */
export interface CollateralSpec {
  readonly assetId: AssetId;
  /** For example `WETH`; 1 to 12 of A-Z and 0-9. Its price feed is `collateral:WETH`. */
  readonly symbol: string;
  /** Atoms of the asset in one unit: 10^decimals; at most COLLATERAL_DECIMALS_MAX. L1 tokens with more are counted in these. */
  readonly decimals: number;
  /** One tick = 10^-priceDecimals USDC per unit; at most 6. */
  readonly priceDecimals: number;
  readonly maxPriceTicks: PriceTicks;
  /** Part of its value that does not count. */
  readonly haircutPpm: Ppm;
  /** Most atoms that the whole exchange counts; what is deposited beyond goes back. */
  readonly maxDepositedAtoms: number;
  /** A price that jumps further than this is not believed until it has stood. */
  readonly priceJumpPpm: Ppm;
  readonly priceStaleMs: TimeMs;
}

/** What decides how much of an asset's value counts. */
export type CollateralTerms = Pick<CollateralSpec, 'decimals' | 'priceDecimals' | 'haircutPpm'>;

/**
 * What an amount of the asset counts as collateral, in quote atoms, rounded down: amount * price * (1 - haircut). At price
 * 0, before the first one, nothing. A safe integer for every spec that `listCollateral` takes.
 */
export function collateralValueAtoms(terms: CollateralTerms, priceTicks: PriceTicks, amountAtoms: number): QuoteAtoms {
  const { numerator, denominator } = valueRatio(terms, priceTicks);
  return Number(divFloorBig(BigInt(amountAtoms) * numerator, denominator));
}

/** Fewest atoms of the asset that count at least `valueAtoms` at this price, or undefined when no amount does. */
export function collateralAtomsWorth(
  terms: CollateralTerms,
  priceTicks: PriceTicks,
  valueAtoms: QuoteAtoms,
): bigint | undefined {
  const { numerator, denominator } = valueRatio(terms, priceTicks);
  return numerator === 0n ? undefined : divCeilBig(BigInt(valueAtoms) * denominator, numerator);
}

/** 10 USDC. */
const DUST_ATOMS = 10_000_000;

/**
 * Whether collateral is too little to wait for when its price is old. An amount of its own, not a part of what the account needs:
 * so it stays what it is while positions are closed.
 */
export function isDust(valueAtoms: QuoteAtoms): boolean {
  return valueAtoms < DUST_ATOMS;
}

/** Counted quote atoms per atom of the asset, as a fraction. */
function valueRatio({ decimals, priceDecimals, haircutPpm }: CollateralTerms, priceTicks: PriceTicks) {
  const atomsPerTick = 10n ** BigInt(QUOTE_DECIMALS - priceDecimals);
  return {
    numerator: BigInt(priceTicks) * atomsPerTick * BigInt(PPM - haircutPpm),
    denominator: BigInt(PPM) * 10n ** BigInt(decimals),
  };
}
