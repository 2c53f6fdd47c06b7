import type { MarginTier as MarginTierMessage, MarketSpec as MarketSpecMessage } from '@keel/proto/market';
import { MARGIN_TIERS_MAX, type MarginTier, type MarketSpec, toMarketId } from '@keel/types';
import { DELEVERAGE_RULE_NUMBERS, fromDeleverageRule } from './enums.ts';
import { fromSint64, fromUint64, toSint32, toSint64, toUint32, toUint64 } from './integers.ts';
import { fromItems, toItems } from './itemLists.ts';
import { known } from './message.ts';
import { fromText, SYMBOL_CHARACTERS_MAX, toText } from './text.ts';

export function marketSpecToMessage(spec: MarketSpec): MarketSpecMessage {
  return {
    $typeName: 'keel.v1.MarketSpec',
    marketId: toUint32(spec.marketId, 'marketId'),
    symbol: toText(spec.symbol, SYMBOL_CHARACTERS_MAX, 'symbol'),
    baseAsset: toText(spec.baseAsset, SYMBOL_CHARACTERS_MAX, 'baseAsset'),
    priceDecimals: toUint32(spec.priceDecimals, 'priceDecimals'),
    sizeDecimals: toUint32(spec.sizeDecimals, 'sizeDecimals'),
    atomsPerTickLot: toUint64(spec.atomsPerTickLot, 'atomsPerTickLot'),
    maxPriceTicks: toUint64(spec.maxPriceTicks, 'maxPriceTicks'),
    maxOrderLots: toUint64(spec.maxOrderLots, 'maxOrderLots'),
    maxPositionLots: toUint64(spec.maxPositionLots, 'maxPositionLots'),
    maxOpenInterestLots: toUint64(spec.maxOpenInterestLots, 'maxOpenInterestLots'),
    minOrderNotionalAtoms: toUint64(spec.minOrderNotionalAtoms, 'minOrderNotionalAtoms'),
    initialMarginPpm: toUint32(spec.initialMarginPpm, 'initialMarginPpm'),
    maintenanceMarginPpm: toUint32(spec.maintenanceMarginPpm, 'maintenanceMarginPpm'),
    marginTiers: marginTiersToMessages(spec.marginTiers),
    openInterestLowerAtoms: toUint64(spec.openInterestLowerAtoms, 'openInterestLowerAtoms'),
    openInterestUpperAtoms: toUint64(spec.openInterestUpperAtoms, 'openInterestUpperAtoms'),
    concentrationPpm: toUint32(spec.concentrationPpm, 'concentrationPpm'),
    concentrationFloorLots: toUint64(spec.concentrationFloorLots, 'concentrationFloorLots'),
    stablePriceMovePpm: toUint32(spec.stablePriceMovePpm, 'stablePriceMovePpm'),
    makerFeePpm: toSint32(spec.makerFeePpm, 'makerFeePpm'),
    takerFeePpm: toSint32(spec.takerFeePpm, 'takerFeePpm'),
    marketSlippagePpm: toUint32(spec.marketSlippagePpm, 'marketSlippagePpm'),
    priceBandPpm: toUint32(spec.priceBandPpm, 'priceBandPpm'),
    markBandPpm: toUint32(spec.markBandPpm, 'markBandPpm'),
    indexJumpPpm: toUint32(spec.indexJumpPpm, 'indexJumpPpm'),
    indexStaleMs: toUint64(spec.indexStaleMs, 'indexStaleMs'),
    resumeGraceMs: toUint64(spec.resumeGraceMs, 'resumeGraceMs'),
    liquidationFeePpm: toUint32(spec.liquidationFeePpm, 'liquidationFeePpm'),
    liquidationBudgetAtoms: toUint64(spec.liquidationBudgetAtoms, 'liquidationBudgetAtoms'),
    backstopLossCapAtoms: toUint64(spec.backstopLossCapAtoms, 'backstopLossCapAtoms'),
    deleverageRule: DELEVERAGE_RULE_NUMBERS[spec.deleverageRule],
    impactNotionalAtoms: toUint64(spec.impactNotionalAtoms, 'impactNotionalAtoms'),
    fundingInterestPpb: toSint64(spec.fundingInterestPpb, 'fundingInterestPpb'),
    fundingCapPpb: toUint64(spec.fundingCapPpb, 'fundingCapPpb'),
  };
}

/** Throws CodecError; whether the figures fit each other is the engine's decision. */
export function marketSpecFromMessage(message: MarketSpecMessage | undefined): MarketSpec {
  const spec = known(message, 'spec');
  return {
    marketId: toMarketId(spec.marketId),
    symbol: fromText(spec.symbol, SYMBOL_CHARACTERS_MAX, 'spec.symbol'),
    baseAsset: fromText(spec.baseAsset, SYMBOL_CHARACTERS_MAX, 'spec.baseAsset'),
    priceDecimals: spec.priceDecimals,
    sizeDecimals: spec.sizeDecimals,
    atomsPerTickLot: fromUint64(spec.atomsPerTickLot, 'spec.atomsPerTickLot'),
    maxPriceTicks: fromUint64(spec.maxPriceTicks, 'spec.maxPriceTicks'),
    maxOrderLots: fromUint64(spec.maxOrderLots, 'spec.maxOrderLots'),
    maxPositionLots: fromUint64(spec.maxPositionLots, 'spec.maxPositionLots'),
    maxOpenInterestLots: fromUint64(spec.maxOpenInterestLots, 'spec.maxOpenInterestLots'),
    minOrderNotionalAtoms: fromUint64(spec.minOrderNotionalAtoms, 'spec.minOrderNotionalAtoms'),
    initialMarginPpm: spec.initialMarginPpm,
    maintenanceMarginPpm: spec.maintenanceMarginPpm,
    marginTiers: marginTiersFromMessages(spec.marginTiers),
    openInterestLowerAtoms: fromUint64(spec.openInterestLowerAtoms, 'spec.openInterestLowerAtoms'),
    openInterestUpperAtoms: fromUint64(spec.openInterestUpperAtoms, 'spec.openInterestUpperAtoms'),
    concentrationPpm: spec.concentrationPpm,
    concentrationFloorLots: fromUint64(spec.concentrationFloorLots, 'spec.concentrationFloorLots'),
    stablePriceMovePpm: spec.stablePriceMovePpm,
    makerFeePpm: spec.makerFeePpm,
    takerFeePpm: spec.takerFeePpm,
    marketSlippagePpm: spec.marketSlippagePpm,
    priceBandPpm: spec.priceBandPpm,
    markBandPpm: spec.markBandPpm,
    indexJumpPpm: spec.indexJumpPpm,
    indexStaleMs: fromUint64(spec.indexStaleMs, 'spec.indexStaleMs'),
    resumeGraceMs: fromUint64(spec.resumeGraceMs, 'spec.resumeGraceMs'),
    liquidationFeePpm: spec.liquidationFeePpm,
    liquidationBudgetAtoms: fromUint64(spec.liquidationBudgetAtoms, 'spec.liquidationBudgetAtoms'),
    backstopLossCapAtoms: fromUint64(spec.backstopLossCapAtoms, 'spec.backstopLossCapAtoms'),
    deleverageRule: fromDeleverageRule(spec.deleverageRule, 'spec.deleverageRule'),
    impactNotionalAtoms: fromUint64(spec.impactNotionalAtoms, 'spec.impactNotionalAtoms'),
    fundingInterestPpb: fromSint64(spec.fundingInterestPpb, 'spec.fundingInterestPpb'),
    fundingCapPpb: fromUint64(spec.fundingCapPpb, 'spec.fundingCapPpb'),
  };
}

/** More than MARGIN_TIERS_MAX is a fault of ours; their order is the engine's to judge. */
export function marginTiersToMessages(tiers: readonly MarginTier[]): MarginTierMessage[] {
  return toItems(tiers, marginTierToMessage, 'marginTiers', MARGIN_TIERS_MAX);
}

/** Throws CodecError. */
export function marginTiersFromMessages(messages: readonly MarginTierMessage[]): MarginTier[] {
  return fromItems(messages, marginTierFromMessage, 'marginTiers', MARGIN_TIERS_MAX);
}

function marginTierToMessage(tier: MarginTier): MarginTierMessage {
  return {
    $typeName: 'keel.v1.MarginTier',
    floorNotionalAtoms: toUint64(tier.floorNotionalAtoms, 'tier.floorNotionalAtoms'),
    initialMarginPpm: toUint32(tier.initialMarginPpm, 'tier.initialMarginPpm'),
    maintenanceMarginPpm: toUint32(tier.maintenanceMarginPpm, 'tier.maintenanceMarginPpm'),
  };
}

function marginTierFromMessage(tier: MarginTierMessage): MarginTier {
  return {
    floorNotionalAtoms: fromUint64(tier.floorNotionalAtoms, 'tier.floorNotionalAtoms'),
    initialMarginPpm: tier.initialMarginPpm,
    maintenanceMarginPpm: tier.maintenanceMarginPpm,
  };
}
