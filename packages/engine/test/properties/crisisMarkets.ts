import { type CollateralSpec, type DeleverageRule, type MarketSpec, toAssetId } from '@keel/types';
import { testCollateral } from '../testCollateral.ts';
import { testMarket } from '../testMarket.ts';

export const MARKETS = 4;
export const OPENING_TICKS = [50_000, 300_000, 2_000, 9_000] as const;
export const OPENING_ASSET_TICKS = [300_000, 10_000] as const;
const RULES: readonly DeleverageRule[] = ['waterFilling', 'profitLeverage', 'profitNotional'];

/** Every market has other dampings; the rules go round with the seed. */
export function specOf(place: number, seed: number): MarketSpec {
  const rule = (offset: number) => RULES[(offset + seed) % RULES.length]!;
  const tiers = [20, 100].map((thousand, step) => ({
    floorNotionalAtoms: thousand * 1_000_000_000,
    initialMarginPpm: 80_000 + step * 60_000,
    maintenanceMarginPpm: 40_000 + step * 30_000,
  }));
  const specs: readonly Partial<MarketSpec>[] = [
    {
      ...{ initialMarginPpm: 50_000, maintenanceMarginPpm: 25_000, marginTiers: tiers, indexJumpPpm: 250_000 },
      ...{ backstopLossCapAtoms: 2_000_000_000, deleverageRule: rule(0) },
      ...{ openInterestLowerAtoms: 2_000_000_000_000, openInterestUpperAtoms: 20_000_000_000_000 },
    },
    {
      ...{ priceDecimals: 2, atomsPerTickLot: 10, initialMarginPpm: 20_000, maintenanceMarginPpm: 10_000 },
      ...{ maxPriceTicks: 4_000_000, maxOrderLots: 200_000, maxPositionLots: 2_000_000, indexJumpPpm: 100_000 },
      ...{ maxOpenInterestLots: 100_000_000, stablePriceMovePpm: 30_000, liquidationBudgetAtoms: 30_000_000_000 },
      ...{ backstopLossCapAtoms: 700_000_000, deleverageRule: rule(1), takerFeePpm: 450 },
    },
    {
      ...{ sizeDecimals: 1, atomsPerTickLot: 100_000, maxPriceTicks: 60_000, initialMarginPpm: 100_000 },
      ...{ maintenanceMarginPpm: 50_000, concentrationPpm: 200_000, concentrationFloorLots: 400 },
      ...{ resumeGraceMs: 4_000, backstopLossCapAtoms: 300_000_000, deleverageRule: rule(2) },
    },
    {
      ...{ priceDecimals: 1, sizeDecimals: 2, atomsPerTickLot: 1_000, initialMarginPpm: 40_000 },
      ...{ maintenanceMarginPpm: 20_000, deleverageRule: rule(3), liquidationFeePpm: 5_000, indexJumpPpm: 400_000 },
      ...{ marginTiers: tiers.slice(1), openInterestUpperAtoms: 1_000_000_000_000 },
    },
  ];
  const symbol = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD'][place]!;
  const common = { fundingCapPpb: 20_000_000, impactNotionalAtoms: 3_000_000_000, markBandPpm: 50_000 };
  return testMarket(place + 1, symbol, { ...common, minOrderNotionalAtoms: 1_000_000, ...specs[place] });
}

/** Ether, and something that was worth a dollar. */
export function assetSpecs(): CollateralSpec[] {
  const dollar = { assetId: toAssetId(2), decimals: 6, priceDecimals: 4, maxDepositedAtoms: 10_000_000_000_000 };
  return [
    testCollateral('WETH', 85),
    testCollateral('WBTC', 95, { ...dollar, symbol: 'USDE', maxPriceTicks: 500_000, priceJumpPpm: 150_000 }),
  ];
}
