import { type CollateralSpec, type DeleverageRule, type MarketSpec, toAssetId, toMarketId } from '@keel/types';
import { PLAIN_MARKET } from '../../plainMarket.ts';

export const MARKETS = 3;
export const ASSETS = 2;
export const OPENING_TICKS = [50_000, 3_000, 150] as const;
/** USD in ticks of ether, and of something that is worth a dollar as long as it is. */
export const OPENING_ASSET_TICKS = [300_000, 10_000] as const;

/** Each market has another rule for deleveraging, and other things that slow a cascade down. */
export function specOf(market: number): MarketSpec {
  const rules: readonly DeleverageRule[] = ['profitLeverage', 'waterFilling', 'profitNotional'];
  const tier = { floorNotionalAtoms: 20_000_000_000, initialMarginPpm: 90_000, maintenanceMarginPpm: 45_000 };
  const dampings: readonly Partial<MarketSpec>[] = [
    { marginTiers: [tier] },
    {
      liquidationBudgetAtoms: 8_000_000_000,
      backstopLossCapAtoms: 60_000_000,
      stablePriceMovePpm: 20_000,
      concentrationPpm: 300_000,
      indexJumpPpm: 60_000,
    },
    { resumeGraceMs: 3_000, openInterestUpperAtoms: 900_000_000_000 },
  ];
  return {
    ...PLAIN_MARKET,
    deleverageRule: rules[market] ?? 'waterFilling',
    marketId: toMarketId(market + 1),
    symbol: ['BTC-USD', 'ETH-USD', 'SOL-USD'][market] ?? '',
    baseAsset: ['BTC', 'ETH', 'SOL'][market] ?? '',
    priceDecimals: 0,
    sizeDecimals: 3,
    atomsPerTickLot: 1_000,
    maxPriceTicks: 1_000_000,
    maxOrderLots: 100_000,
    maxPositionLots: 100_000,
    maxOpenInterestLots: [4_000, 400_000, 400_000][market] ?? 0,
    minOrderNotionalAtoms: 10_000_000,
    initialMarginPpm: 50_000,
    maintenanceMarginPpm: 25_000,
    makerFeePpm: 100,
    takerFeePpm: 400,
    marketSlippagePpm: 50_000,
    priceBandPpm: 100_000,
    markBandPpm: 15_000,
    indexJumpPpm: 200_000,
    indexStaleMs: 10_000,
    liquidationFeePpm: 10_000,
    impactNotionalAtoms: 10_000_000_000,
    fundingInterestPpb: 100_000,
    fundingCapPpb: 40_000_000,
    ...(market === 1 ? { concentrationFloorLots: 3_000 } : {}),
    ...dampings[market],
  };
}

export function assetOf(place: number): CollateralSpec {
  return {
    assetId: toAssetId(place + 1),
    symbol: ['WETH', 'USDE'][place] ?? '',
    decimals: [8, 6][place] ?? 0,
    priceDecimals: [2, 4][place] ?? 0,
    maxPriceTicks: [10_000_000, 1_000_000][place] ?? 0,
    haircutPpm: [150_000, 50_000][place] ?? 0,
    maxDepositedAtoms: [20_000_000_000, 20_000_000_000][place] ?? 0,
    priceJumpPpm: 120_000,
    priceStaleMs: 60_000,
  };
}
