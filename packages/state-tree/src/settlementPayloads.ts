import type { Hex, SealedWithdrawal } from '@keel/types';
import { fromHex } from './hex.ts';
import { HASH_BYTES, writeUint16, writeUint64 } from './treeHash.ts';

/** abi.encodePacked(uint64 withdrawalIndex, address recipient, uint16 assetId, uint64 amountAtoms): 38 bytes. */
export function withdrawalPayload(withdrawal: SealedWithdrawal): Uint8Array {
  const payload = new Uint8Array(38);
  writeUint64(payload, 0, withdrawal.withdrawalIndex);
  payload.set(fromHex(withdrawal.recipient, 20), 8);
  writeUint16(payload, 28, withdrawal.assetId);
  writeUint64(payload, 30, withdrawal.amountAtoms);
  return payload;
}

/** A command stands in its batch's tree as the 32-byte hash of its journal record. */
export function commandPayload(commandHash: Hex): Uint8Array {
  return fromHex(commandHash, HASH_BYTES);
}
