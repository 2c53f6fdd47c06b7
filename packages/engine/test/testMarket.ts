import { type MarketSpec, toMarketId } from '@keel/types';

/**
 * Round numbers for reading: one tick = 1 USD, one lot = 0.001, 10x leverage, 5 % maintenance, fees 2 and 5 bp. Tiers,
 * open-interest scaling, concentration, stable price, backstop, budget and staged resume are off.
 */
export function testMarket(id: number, symbol: string, changes: Partial<MarketSpec> = {}): MarketSpec {
  return {
    marketId: toMarketId(id),
    symbol,
    baseAsset: symbol.slice(0, 3),
    priceDecimals: 0,
    sizeDecimals: 3,
    atomsPerTickLot: 1_000,
    maxPriceTicks: 1_000_000,
    maxOrderLots: 100_000,
    maxPositionLots: 100_000,
    maxOpenInterestLots: 1_000_000,
    minOrderNotionalAtoms: 10_000_000,
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
    priceBandPpm: 900_000,
    markBandPpm: 100_000,
    indexJumpPpm: 500_000,
    indexStaleMs: 10_000,
    resumeGraceMs: 0,
    liquidationFeePpm: 10_000,
    liquidationBudgetAtoms: 0,
    backstopLossCapAtoms: 0,
    deleverageRule: 'waterFilling',
    impactNotionalAtoms: 10_000_000_000,
    fundingInterestPpb: 100_000,
    fundingCapPpb: 40_000_000,
    ...changes,
  };
}
