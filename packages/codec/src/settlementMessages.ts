import type {
  CollateralStatus as CollateralStatusMessage,
  MarketStatus as MarketStatusMessage,
  SealedBatch as SealedBatchMessage,
  SealedWithdrawal as SealedWithdrawalMessage,
  SequencerStatus as SequencerStatusMessage,
} from '@keel/proto/settlement';
import {
  assert,
  COLLATERAL_ASSETS_MAX,
  type CollateralStatus,
  type Hex,
  type MarketStatus,
  type SealedBatch,
  type SequencerStatus,
  toAssetId,
  toMarketId,
  toSequence,
} from '@keel/types';
import { addressToBytes, bytesToAddress, bytesToHex, HASH_BYTES, hexToBytes } from './bytes.ts';
import { CodecError } from './codecError.ts';
import { fromAssetIdOrZero } from './collateralSpecMessage.ts';
import { fromPositiveUint64, fromSint64, fromUint64, toSint64, toUint32, toUint64 } from './integers.ts';
import { fromItems, toItems } from './itemLists.ts';
import { known } from './message.ts';
import { feedersFromMessages, feedersToMessages } from './priceMessages.ts';
import { fromText, SYMBOL_CHARACTERS_MAX, toText } from './text.ts';

export function sealedBatchToMessage(batch: SealedBatch): SealedBatchMessage {
  const commands = batch.lastSequence - batch.firstSequence + 1;
  assert(batch.commandHashes.length === commands, `${batch.commandHashes.length} hashes of ${commands} commands`);
  return {
    $typeName: 'keel.v1.SealedBatch',
    batchIndex: toUint64(batch.batchIndex, 'batchIndex'),
    firstSequence: toUint64(batch.firstSequence, 'firstSequence'),
    lastSequence: toUint64(batch.lastSequence, 'lastSequence'),
    timeMs: toUint64(batch.timeMs, 'timeMs'),
    stateRoot: hexToBytes(batch.stateRoot, HASH_BYTES, 'stateRoot'),
    commandHashes: joinHashes(batch.commandHashes),
    withdrawals: batch.withdrawals.map((withdrawal) => ({
      $typeName: 'keel.v1.SealedWithdrawal',
      withdrawalIndex: toUint64(withdrawal.withdrawalIndex, 'withdrawalIndex'),
      recipient: addressToBytes(withdrawal.recipient, 'recipient'),
      assetId: toUint32(withdrawal.assetId, 'assetId'),
      amountAtoms: toUint64(withdrawal.amountAtoms, 'amountAtoms'),
    })),
    nextDepositIndex: toUint64(batch.nextDepositIndex, 'nextDepositIndex'),
    firstWithdrawalIndex: toUint64(batch.firstWithdrawalIndex, 'firstWithdrawalIndex'),
    nextWithdrawalIndex: toUint64(batch.nextWithdrawalIndex, 'nextWithdrawalIndex'),
  };
}

/** Throws CodecError, also when the hashes are not as many as the commands. */
export function sealedBatchFromMessage(message: SealedBatchMessage): SealedBatch {
  const batch = known(message, 'sealedBatch');
  const firstSequence = fromPositiveUint64(batch.firstSequence, 'firstSequence');
  const lastSequence = fromPositiveUint64(batch.lastSequence, 'lastSequence');
  if (lastSequence < firstSequence) throw new CodecError('OUT_OF_RANGE', 'lastSequence', 'is below firstSequence');
  return {
    batchIndex: fromUint64(batch.batchIndex, 'batchIndex'),
    firstSequence: toSequence(firstSequence),
    lastSequence: toSequence(lastSequence),
    timeMs: fromUint64(batch.timeMs, 'timeMs'),
    stateRoot: bytesToHex(batch.stateRoot, HASH_BYTES, 'stateRoot'),
    commandHashes: splitHashes(batch.commandHashes, lastSequence - firstSequence + 1),
    withdrawals: batch.withdrawals.map(sealedWithdrawal),
    nextDepositIndex: fromUint64(batch.nextDepositIndex, 'nextDepositIndex'),
    firstWithdrawalIndex: fromUint64(batch.firstWithdrawalIndex, 'firstWithdrawalIndex'),
    nextWithdrawalIndex: fromUint64(batch.nextWithdrawalIndex, 'nextWithdrawalIndex'),
  };
}

function sealedWithdrawal(message: SealedWithdrawalMessage) {
  const withdrawal = known(message, 'withdrawals');
  return {
    withdrawalIndex: fromUint64(withdrawal.withdrawalIndex, 'withdrawalIndex'),
    recipient: bytesToAddress(withdrawal.recipient, 'recipient'),
    assetId: fromAssetIdOrZero(withdrawal.assetId),
    amountAtoms: fromUint64(withdrawal.amountAtoms, 'amountAtoms'),
  };
}

function joinHashes(hashes: readonly Hex[]): Uint8Array {
  const joined = new Uint8Array(hashes.length * HASH_BYTES);
  hashes.forEach((hash, place) => {
    joined.set(hexToBytes(hash, HASH_BYTES, 'commandHashes'), place * HASH_BYTES);
  });
  return joined;
}

function splitHashes(joined: Uint8Array, count: number): Hex[] {
  if (joined.length !== count * HASH_BYTES)
    throw new CodecError('WRONG_LENGTH', 'commandHashes', `${joined.length} bytes for ${count} commands`);
  return Array.from({ length: count }, (_, place) =>
    bytesToHex(joined.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES), HASH_BYTES, 'commandHashes'),
  );
}

export function sequencerStatusToMessage(status: SequencerStatus): SequencerStatusMessage {
  return {
    $typeName: 'keel.v1.SequencerStatus',
    sequence: toUint64(status.sequence, 'sequence'),
    timeMs: toUint64(status.timeMs, 'timeMs'),
    stateRoot: hexToBytes(status.stateRoot, HASH_BYTES, 'stateRoot'),
    lastBatchIndex: toSint64(status.lastBatchIndex, 'lastBatchIndex'),
    nextDepositIndex: toUint64(status.nextDepositIndex, 'nextDepositIndex'),
    nextWithdrawalIndex: toUint64(status.nextWithdrawalIndex, 'nextWithdrawalIndex'),
    accounts: toUint64(status.accounts, 'accounts'),
    openOrders: toUint64(status.openOrders, 'openOrders'),
    markets: status.markets.map(marketStatusToMessage),
    collaterals: toItems(status.collaterals, collateralStatusToMessage, 'collaterals', COLLATERAL_ASSETS_MAX),
    feeders: feedersToMessages(status.feeders),
  };
}

function marketStatusToMessage(market: MarketStatus): MarketStatusMessage {
  return {
    $typeName: 'keel.v1.MarketStatus',
    marketId: toUint32(market.marketId, 'marketId'),
    symbol: toText(market.symbol, SYMBOL_CHARACTERS_MAX, 'symbol'),
    priceDecimals: toUint32(market.priceDecimals, 'priceDecimals'),
    maxPriceTicks: toUint64(market.maxPriceTicks, 'maxPriceTicks'),
    indexJumpPpm: toUint32(market.indexJumpPpm, 'indexJumpPpm'),
    indexTicks: toUint64(market.indexTicks, 'indexTicks'),
  };
}

function collateralStatusToMessage(asset: CollateralStatus): CollateralStatusMessage {
  return {
    $typeName: 'keel.v1.CollateralStatus',
    assetId: toUint32(asset.assetId, 'assetId'),
    symbol: toText(asset.symbol, SYMBOL_CHARACTERS_MAX, 'symbol'),
    decimals: toUint32(asset.decimals, 'decimals'),
    priceDecimals: toUint32(asset.priceDecimals, 'priceDecimals'),
    maxPriceTicks: toUint64(asset.maxPriceTicks, 'maxPriceTicks'),
    priceJumpPpm: toUint32(asset.priceJumpPpm, 'priceJumpPpm'),
    priceTicks: toUint64(asset.priceTicks, 'priceTicks'),
  };
}

/** Throws CodecError. */
export function sequencerStatusFromMessage(message: SequencerStatusMessage | undefined): SequencerStatus {
  const status = known(message, 'sequencerStatus');
  return {
    sequence: toSequence(fromUint64(status.sequence, 'sequence')),
    timeMs: fromUint64(status.timeMs, 'timeMs'),
    stateRoot: bytesToHex(status.stateRoot, HASH_BYTES, 'stateRoot'),
    lastBatchIndex: fromSint64(status.lastBatchIndex, 'lastBatchIndex'),
    nextDepositIndex: fromUint64(status.nextDepositIndex, 'nextDepositIndex'),
    nextWithdrawalIndex: fromUint64(status.nextWithdrawalIndex, 'nextWithdrawalIndex'),
    accounts: fromUint64(status.accounts, 'accounts'),
    openOrders: fromUint64(status.openOrders, 'openOrders'),
    markets: status.markets.map(marketStatusFromMessage),
    collaterals: fromItems(status.collaterals, collateralStatusFromMessage, 'collaterals', COLLATERAL_ASSETS_MAX),
    feeders: feedersFromMessages(status.feeders),
  };
}

function marketStatusFromMessage(message: MarketStatusMessage): MarketStatus {
  const market = known(message, 'markets');
  return {
    marketId: toMarketId(market.marketId),
    symbol: fromText(market.symbol, SYMBOL_CHARACTERS_MAX, 'symbol'),
    priceDecimals: market.priceDecimals,
    maxPriceTicks: fromUint64(market.maxPriceTicks, 'maxPriceTicks'),
    indexJumpPpm: market.indexJumpPpm,
    indexTicks: fromUint64(market.indexTicks, 'indexTicks'),
  };
}

function collateralStatusFromMessage(asset: CollateralStatusMessage): CollateralStatus {
  return {
    assetId: toAssetId(asset.assetId),
    symbol: fromText(asset.symbol, SYMBOL_CHARACTERS_MAX, 'symbol'),
    decimals: asset.decimals,
    priceDecimals: asset.priceDecimals,
    maxPriceTicks: fromUint64(asset.maxPriceTicks, 'maxPriceTicks'),
    priceJumpPpm: asset.priceJumpPpm,
    priceTicks: fromUint64(asset.priceTicks, 'priceTicks'),
  };
}
