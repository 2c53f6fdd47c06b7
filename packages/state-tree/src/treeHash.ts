import { hash } from 'node:crypto';
import { assert } from '@keel/types';

export const HASH_BYTES = 32;

// One byte in front of everything that is hashed says what it is, so that nothing can be read as something else.
const LEAF_TAG = 0x00;
const NODE_TAG = 0x01;
const STATE_TAG = 0x02;
const GLOBALS_TAG = 0x03;
const COUNTED_TAG = 0x04;

/** Stands where a tree has no leaf. Nobody knows bytes that hash to it. */
export const ABSENT_LEAF: Uint8Array = new Uint8Array(HASH_BYTES);

/** SHA-256(0x00 ‖ u64be index ‖ payload). */
export function leafHash(index: number, payload: Uint8Array): Uint8Array {
  const input = new Uint8Array(9 + payload.length);
  input[0] = LEAF_TAG;
  writeUint64(input, 1, index);
  input.set(payload, 9);
  return sha256(input);
}

// Reused by every call of nodeHash: hashing copies out of it before it returns.
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES);
nodeInput[0] = NODE_TAG;

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** SHA-256(0x04 ‖ u64be count ‖ treeRoot): the root of a list together with its length. */
export function countedRoot(count: number, treeRoot: Uint8Array): Uint8Array {
  const input = new Uint8Array(9 + HASH_BYTES);
  input[0] = COUNTED_TAG;
  writeUint64(input, 1, count);
  input.set(treeRoot, 9);
  return sha256(input);
}

/** SHA-256(0x03 ‖ bytes). */
export function globalsHash(globals: Uint8Array): Uint8Array {
  return sha256(tagged(GLOBALS_TAG, [globals]));
}

/** SHA-256(0x02 ‖ parts in order). */
export function stateHash(parts: readonly Uint8Array[]): Uint8Array {
  return sha256(tagged(STATE_TAG, parts));
}

export function writeUint64(target: Uint8Array, offset: number, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0, `not an unsigned safe integer: ${value}`);
  new DataView(target.buffer, target.byteOffset).setBigUint64(offset, BigInt(value));
}

export function writeUint16(target: Uint8Array, offset: number, value: number): void {
  assert(Number.isInteger(value) && value >= 0 && value < 2 ** 16, `not an unsigned number of 16 bits: ${value}`);
  new DataView(target.buffer, target.byteOffset).setUint16(offset, value);
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

function tagged(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag), ...parts]);
}

function sha256(input: Uint8Array): Uint8Array {
  return hash('sha256', input, 'buffer');
}
