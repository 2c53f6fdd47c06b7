import { type MarketId, type MarketSpec, toMarketId } from '@keel/types';

/** BTC-USD: a tick is 0.1 USD, a lot 0.00001 BTC, leverage up to 25, prices within half of mark or trigger. Asset 0. */
export const BTC: MarketSpec = {
  marketId: toMarketId(1),
  symbol: 'BTC-USD',
  baseAsset: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  atomsPerTickLot: 1,
  maxPriceTicks: 10_000_000,
  maxOrderLots: 10_000_000,
  maxPositionLots: 100_000_000,
  maxOpenInterestLots: 400_000_000,
  minOrderNotionalAtoms: 10_000_000,
  initialMarginPpm: 40_000,
  maintenanceMarginPpm: 20_000,
  marginTiers: [],
  openInterestLowerAtoms: 0,
  openInterestUpperAtoms: 0,
  concentrationPpm: 0,
  concentrationFloorLots: 0,
  stablePriceMovePpm: 0,
  makerFeePpm: 100,
  takerFeePpm: 400,
  marketSlippagePpm: 50_000,
  priceBandPpm: 500_000,
  markBandPpm: 50_000,
  indexJumpPpm: 200_000,
  indexStaleMs: 10_000,
  resumeGraceMs: 0,
  liquidationFeePpm: 10_000,
  liquidationBudgetAtoms: 0,
  backstopLossCapAtoms: 0,
  deleverageRule: 'waterFilling',
  impactNotionalAtoms: 5_000_000_000,
  fundingInterestPpb: 100_000,
  fundingCapPpb: 40_000_000,
};

/** ETH-USD: a tick is 0.01 USD, a lot 0.0001 ETH. Asset 1. */
export const ETH: MarketSpec = {
  ...BTC,
  marketId: toMarketId(2),
  symbol: 'ETH-USD',
  baseAsset: 'ETH',
  priceDecimals: 2,
  sizeDecimals: 4,
};

export const specOf = (marketId: MarketId): MarketSpec | undefined => [BTC, ETH][marketId - 1];
