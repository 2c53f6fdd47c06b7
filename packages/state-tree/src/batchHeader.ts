import { assert, type Hex, type SealedBatch } from '@keel/types';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { fromHex, toHex } from './hex.ts';
import { commandPayload, withdrawalPayload } from './settlementPayloads.ts';
import { settlementTree } from './settlementTree.ts';
import { HASH_BYTES, writeUint64 } from './treeHash.ts';

/** What L1 keeps of a batch; the fields of KeelSettlement.BatchHeader, in their order. */
export interface BatchHeader {
  readonly batchIndex: number;
  /** Hash of the batch before; 32 zero bytes for the first. */
  readonly prevBatchHash: Hex;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly timeMs: number;
  readonly stateRoot: Hex;
  readonly commandsRoot: Hex;
  readonly withdrawalsRoot: Hex;
  readonly withdrawalCount: number;
  readonly nextDepositIndex: number;
  readonly nextWithdrawalIndex: number;
}

/** What stands before the first batch. */
export const ZERO_HASH: Hex = `0x${'00'.repeat(HASH_BYTES)}`;

/** The header of a sealed batch that follows the batch with hash `prevBatchHash`. */
export function batchHeader(sealed: SealedBatch, prevBatchHash: Hex): BatchHeader {
  const { firstSequence, lastSequence, firstWithdrawalIndex, nextWithdrawalIndex, withdrawals } = sealed;
  assert(
    sealed.commandHashes.length === lastSequence - firstSequence + 1,
    `batch ${sealed.batchIndex} has ${sealed.commandHashes.length} command hashes for ${firstSequence} to ${lastSequence}`,
  );
  assert(
    withdrawals.length === nextWithdrawalIndex - firstWithdrawalIndex &&
      withdrawals.every(({ withdrawalIndex }, position) => withdrawalIndex === firstWithdrawalIndex + position),
    `withdrawals of batch ${sealed.batchIndex} are not ${firstWithdrawalIndex} to ${nextWithdrawalIndex} without gaps`,
  );
  return {
    batchIndex: sealed.batchIndex,
    prevBatchHash,
    firstSequence,
    lastSequence,
    timeMs: sealed.timeMs,
    stateRoot: sealed.stateRoot,
    commandsRoot: settlementTree(sealed.commandHashes.map(commandPayload)).root,
    withdrawalsRoot: settlementTree(withdrawals.map(withdrawalPayload)).root,
    withdrawalCount: withdrawals.length,
    nextDepositIndex: sealed.nextDepositIndex,
    nextWithdrawalIndex,
  };
}

/** keccak256(abi.encode(header)): each field in a 32-byte word of its own, in order. */
export function batchHash(header: BatchHeader): Hex {
  const words = [
    header.batchIndex,
    header.prevBatchHash,
    header.firstSequence,
    header.lastSequence,
    header.timeMs,
    header.stateRoot,
    header.commandsRoot,
    header.withdrawalsRoot,
    header.withdrawalCount,
    header.nextDepositIndex,
    header.nextWithdrawalIndex,
  ];
  const encoded = new Uint8Array(words.length * HASH_BYTES);
  for (const [place, word] of words.entries()) {
    if (typeof word === 'number') writeUint64(encoded, (place + 1) * HASH_BYTES - 8, word);
    else encoded.set(fromHex(word, HASH_BYTES), place * HASH_BYTES);
  }
  return toHex(keccak_256(encoded));
}
