import type { CollateralSpec as CollateralSpecMessage } from '@keel/proto/collateral';
import { type AssetId, type CollateralSpec, toAssetId } from '@keel/types';
import { fromUint64, toUint32, toUint64 } from './integers.ts';
import { known } from './message.ts';
import { fromText, SYMBOL_CHARACTERS_MAX, toText } from './text.ts';

export function collateralSpecToMessage(spec: CollateralSpec): CollateralSpecMessage {
  return {
    $typeName: 'keel.v1.CollateralSpec',
    assetId: toUint32(spec.assetId, 'assetId'),
    symbol: toText(spec.symbol, SYMBOL_CHARACTERS_MAX, 'symbol'),
    decimals: toUint32(spec.decimals, 'decimals'),
    priceDecimals: toUint32(spec.priceDecimals, 'priceDecimals'),
    maxPriceTicks: toUint64(spec.maxPriceTicks, 'maxPriceTicks'),
    haircutPpm: toUint32(spec.haircutPpm, 'haircutPpm'),
    maxDepositedAtoms: toUint64(spec.maxDepositedAtoms, 'maxDepositedAtoms'),
    priceJumpPpm: toUint32(spec.priceJumpPpm, 'priceJumpPpm'),
    priceStaleMs: toUint64(spec.priceStaleMs, 'priceStaleMs'),
  };
}

/** Throws CodecError; whether the figures fit each other is the engine's decision. */
export function collateralSpecFromMessage(message: CollateralSpecMessage | undefined): CollateralSpec {
  const spec = known(message, 'spec');
  return {
    assetId: toAssetId(spec.assetId),
    symbol: fromText(spec.symbol, SYMBOL_CHARACTERS_MAX, 'spec.symbol'),
    decimals: spec.decimals,
    priceDecimals: spec.priceDecimals,
    maxPriceTicks: fromUint64(spec.maxPriceTicks, 'spec.maxPriceTicks'),
    haircutPpm: spec.haircutPpm,
    maxDepositedAtoms: fromUint64(spec.maxDepositedAtoms, 'spec.maxDepositedAtoms'),
    priceJumpPpm: spec.priceJumpPpm,
    priceStaleMs: fromUint64(spec.priceStaleMs, 'spec.priceStaleMs'),
  };
}

/** An asset, or 0 = USDC. */
export function fromAssetIdOrZero(assetId: number): AssetId | 0 {
  return assetId === 0 ? 0 : toAssetId(assetId);
}
