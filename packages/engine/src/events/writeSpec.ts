import type { CollateralSpec, MarketSpec } from '@keel/types';
import { type EventBytes, writeByte, writeInteger, writeText } from './eventBytes.ts';
import { DELEVERAGE_RULE } from './eventWords.ts';

export function writeSpec(into: EventBytes, spec: MarketSpec): void {
  writeInteger(into, spec.marketId);
  writeText(into, spec.symbol);
  writeText(into, spec.baseAsset);
  writeInteger(into, spec.priceDecimals);
  writeInteger(into, spec.sizeDecimals);
  writeInteger(into, spec.atomsPerTickLot);
  writeInteger(into, spec.maxPriceTicks);
  writeInteger(into, spec.maxOrderLots);
  writeInteger(into, spec.maxPositionLots);
  writeInteger(into, spec.maxOpenInterestLots);
  writeInteger(into, spec.minOrderNotionalAtoms);
  writeInteger(into, spec.initialMarginPpm);
  writeInteger(into, spec.maintenanceMarginPpm);
  writeTiers(into, spec.marginTiers);
  writeInteger(into, spec.openInterestLowerAtoms);
  writeInteger(into, spec.openInterestUpperAtoms);
  writeInteger(into, spec.concentrationPpm);
  writeInteger(into, spec.concentrationFloorLots);
  writeInteger(into, spec.stablePriceMovePpm);
  writeInteger(into, spec.makerFeePpm);
  writeInteger(into, spec.takerFeePpm);
  writeInteger(into, spec.marketSlippagePpm);
  writeInteger(into, spec.priceBandPpm);
  writeInteger(into, spec.markBandPpm);
  writeInteger(into, spec.indexJumpPpm);
  writeInteger(into, spec.indexStaleMs);
  writeInteger(into, spec.resumeGraceMs);
  writeInteger(into, spec.liquidationFeePpm);
  writeInteger(into, spec.liquidationBudgetAtoms);
  writeInteger(into, spec.backstopLossCapAtoms);
  writeByte(into, DELEVERAGE_RULE[spec.deleverageRule]);
  writeInteger(into, spec.impactNotionalAtoms);
  writeInteger(into, spec.fundingInterestPpb);
  writeInteger(into, spec.fundingCapPpb);
}

/** The number of items of a list stands before them, in one byte. */
export function writeTiers(into: EventBytes, tiers: MarketSpec['marginTiers']): void {
  writeByte(into, tiers.length);
  for (const tier of tiers) {
    writeInteger(into, tier.floorNotionalAtoms);
    writeInteger(into, tier.initialMarginPpm);
    writeInteger(into, tier.maintenanceMarginPpm);
  }
}

export function writeCollateral(into: EventBytes, spec: CollateralSpec): void {
  writeInteger(into, spec.assetId);
  writeText(into, spec.symbol);
  writeInteger(into, spec.decimals);
  writeInteger(into, spec.priceDecimals);
  writeInteger(into, spec.maxPriceTicks);
  writeInteger(into, spec.haircutPpm);
  writeInteger(into, spec.maxDepositedAtoms);
  writeInteger(into, spec.priceJumpPpm);
  writeInteger(into, spec.priceStaleMs);
}
