import type { MarketSpec as MarketSpecMessage } from '@keel/proto/market';
import { type MarketSpec, toMarketId } from '@keel/types';
import { fromSint64, fromUint64, toSint32, toSint64, toUint32, toUint64 } from './integers.ts';
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
    makerFeePpm: toSint32(spec.makerFeePpm, 'makerFeePpm'),
    takerFeePpm: toSint32(spec.takerFeePpm, 'takerFeePpm'),
    marketSlippagePpm: toUint32(spec.marketSlippagePpm, 'marketSlippagePpm'),
    priceBandPpm: toUint32(spec.priceBandPpm, 'priceBandPpm'),
    markBandPpm: toUint32(spec.markBandPpm, 'markBandPpm'),
    indexJumpPpm: toUint32(spec.indexJumpPpm, 'indexJumpPpm'),
    indexStaleMs: toUint64(spec.indexStaleMs, 'indexStaleMs'),
    liquidationFeePpm: toUint32(spec.liquidationFeePpm, 'liquidationFeePpm'),
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
    makerFeePpm: spec.makerFeePpm,
    takerFeePpm: spec.takerFeePpm,
    marketSlippagePpm: spec.marketSlippagePpm,
    priceBandPpm: spec.priceBandPpm,
    markBandPpm: spec.markBandPpm,
    indexJumpPpm: spec.indexJumpPpm,
    indexStaleMs: fromUint64(spec.indexStaleMs, 'spec.indexStaleMs'),
    liquidationFeePpm: spec.liquidationFeePpm,
    impactNotionalAtoms: fromUint64(spec.impactNotionalAtoms, 'spec.impactNotionalAtoms'),
    fundingInterestPpb: fromSint64(spec.fundingInterestPpb, 'spec.fundingInterestPpb'),
    fundingCapPpb: fromUint64(spec.fundingCapPpb, 'spec.fundingCapPpb'),
  };
}
