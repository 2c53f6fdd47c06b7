import { type MarketSpec, toMarketId } from '@keel/types';
import { PLAIN_MARKET } from '../plainMarket.ts';

/**
 * BTC-USD as a devnet lists it, but for two bounds: the recordings have one price per quarter of a minute, so an index
 * is fresh for a minute, and a position may be large enough for the makers to take every trader's other side.
 */
export const btcSpec: MarketSpec = {
  ...PLAIN_MARKET,
  marketId: toMarketId(1),
  symbol: 'BTC-USD',
  baseAsset: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  atomsPerTickLot: 1,
  maxPriceTicks: 10_000_000,
  maxOrderLots: 10_000_000,
  maxPositionLots: 900_000_000,
  // 9 * 10^15 quote atoms at the highest price: the bound does not bind here and every product stays exact.
  maxOpenInterestLots: 900_000_000,
  minOrderNotionalAtoms: 10_000_000,
  initialMarginPpm: 40_000,
  maintenanceMarginPpm: 20_000,
  makerFeePpm: 100,
  takerFeePpm: 400,
  marketSlippagePpm: 50_000,
  priceBandPpm: 500_000,
  markBandPpm: 15_000,
  indexJumpPpm: 200_000,
  indexStaleMs: 60_000,
  liquidationFeePpm: 10_000,
  impactNotionalAtoms: 10_000_000_000,
  fundingInterestPpb: 100_000,
  fundingCapPpb: 40_000_000,
};
