import { type CollateralSpec, type MarketSpec, toAssetId, toMarketId } from '@keel/types';

const USDC = 1_000_000;

/** A market with limits that a test can reach: 100 units an order and a position, 50 open in all. */
export function marketSpec(marketId: number, symbol: string, changes: Partial<MarketSpec> = {}): MarketSpec {
  return {
    marketId: toMarketId(marketId),
    symbol,
    baseAsset: symbol.slice(0, 3),
    priceDecimals: 1,
    sizeDecimals: 3,
    atomsPerTickLot: 100,
    maxPriceTicks: 1_000_000,
    maxOrderLots: 100_000,
    maxPositionLots: 100_000,
    maxOpenInterestLots: 50_000,
    minOrderNotionalAtoms: 10 * USDC,
    initialMarginPpm: 100_000,
    maintenanceMarginPpm: 50_000,
    marginTiers: [],
    openInterestLowerAtoms: 0,
    openInterestUpperAtoms: 0,
    concentrationPpm: 0,
    concentrationFloorLots: 0,
    stablePriceMovePpm: 0,
    makerFeePpm: 200,
    takerFeePpm: 500,
    marketSlippagePpm: 50_000,
    priceBandPpm: 500_000,
    markBandPpm: 100_000,
    indexJumpPpm: 500_000,
    indexStaleMs: 60_000,
    resumeGraceMs: 0,
    liquidationFeePpm: 10_000,
    liquidationBudgetAtoms: 0,
    backstopLossCapAtoms: 0,
    deleverageRule: 'waterFilling',
    impactNotionalAtoms: 10_000 * USDC,
    fundingInterestPpb: 0,
    fundingCapPpb: 0,
    ...changes,
  };
}

/** Some token with eight decimals, a tenth off. */
export const collateralSpec = (symbol: string, assetId: number): CollateralSpec => ({
  assetId: toAssetId(assetId),
  symbol,
  decimals: 8,
  priceDecimals: 2,
  maxPriceTicks: 100_000_000,
  haircutPpm: 100_000,
  maxDepositedAtoms: 10_000_000_000,
  priceJumpPpm: 100_000,
  priceStaleMs: 10_000,
});
