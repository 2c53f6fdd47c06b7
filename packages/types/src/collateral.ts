import type { AssetId } from './ids.ts';
import type { Ppm, PriceTicks, TimeMs } from './units.ts';

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
