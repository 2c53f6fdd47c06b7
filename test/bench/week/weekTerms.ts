import { type CollateralSpec, type MarketSpec, toAssetId, toMarketId } from '@keel/types';
import { btcSpec } from '../btcSpec.ts';

/** 10^6 atoms. */
export const USDC_ATOMS = 1_000_000;
export const MARKET = toMarketId(1);
export const USDT = toAssetId(1);

/** BTC-USD at up to 50x, with every damping of a liquidation that a market can have but the stable price. */
export const WEEK_MARKET: MarketSpec = {
  ...btcSpec,
  marketId: MARKET,
  initialMarginPpm: 20_000,
  maintenanceMarginPpm: 10_000,
  marginTiers: [{ floorNotionalAtoms: 250_000 * USDC_ATOMS, initialMarginPpm: 40_000, maintenanceMarginPpm: 20_000 }],
  // Below the maintenance margin, so that no thin book alone can reach an account at its initial margin.
  markBandPpm: 8_000,
  // With a maintenance margin of 1 %, a close-out in part frees more than it costs.
  liquidationFeePpm: 2_500,
  liquidationBudgetAtoms: 1_000_000 * USDC_ATOMS,
  backstopLossCapAtoms: 500_000 * USDC_ATOMS,
};

/** What stands behind the market from the beginning. */
export const INSURANCE_ATOMS = 250_000 * USDC_ATOMS;
export const BACKSTOP_ATOMS = 2_000_000 * USDC_ATOMS;

/** Priced in USDC, so it is the one that rises when USDC loses its peg. */
export const USDT_COLLATERAL: CollateralSpec = {
  assetId: USDT,
  symbol: 'USDT',
  decimals: 6,
  priceDecimals: 5,
  maxPriceTicks: 1_000_000,
  haircutPpm: 70_000,
  maxDepositedAtoms: 100_000_000 * USDC_ATOMS,
  priceJumpPpm: 200_000,
  // Two prices a minute.
  priceStaleMs: 60_000,
};

/** Whole leverages, both included. */
export interface LeverageRange {
  readonly lowest: number;
  readonly highest: number;
}

export interface WeekTerms {
  readonly traders: number;
  readonly leverage: LeverageRange;
  readonly seed: number;
}
