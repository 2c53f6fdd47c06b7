import { type CollateralSpec, toAssetId } from '@keel/types';
import { ASSETS } from './scenarioOrder.ts';

/** Round numbers for reading: units of 10^-8, prices in cents that are good for a minute, at most 1,000 units. */
export function testCollateral(
  symbol: string,
  countedPercent: number,
  changes: Partial<CollateralSpec> = {},
): CollateralSpec {
  return {
    assetId: toAssetId(ASSETS[symbol] ?? 99),
    symbol,
    decimals: 8,
    priceDecimals: 2,
    maxPriceTicks: 20_000_000,
    haircutPpm: 1_000_000 - countedPercent * 10_000,
    maxDepositedAtoms: 100_000_000_000,
    priceJumpPpm: 500_000,
    priceStaleMs: 60_000,
    ...changes,
  };
}
