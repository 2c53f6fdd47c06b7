import { assert, type Hex } from '@keel/types';
import { MerkleTree } from 'merkletreejs';
import { fromHex, toHex } from './hex.ts';
import { ABSENT_LEAF, countedRoot, HASH_BYTES, leafHash, nodeHash } from './treeHash.ts';

/** Proof that a payload is element `position` of a list of `count`; siblings from the leaf upwards. */
export interface SettlementProof {
  readonly position: number;
  readonly count: number;
  readonly siblings: readonly Hex[];
}

export interface SettlementTree {
  readonly root: Hex;
  /** Proof of the element at a position in [0, count). */
  readonly prove: (position: number) => SettlementProof;
}

/**
 * The tree over a list whose proofs the contract checks (SettlementTree.sol says what each part is for).
 *
 * The library's own defaults are unsafe here: an inner node passes as a leaf, an odd node is promoted unhashed, pairs
 * may be sorted. So it gets hashed, tagged leaves padded to a power of two, which leaves it no odd node, and a
 * combining function that tags and orders the pair; its own proofs and verdicts are not used.
 */
export function settlementTree(payloads: readonly Uint8Array[]): SettlementTree {
  const count = payloads.length;
  const leaves = payloads.map((payload, position) => Buffer.from(leafHash(position, payload)));
  const width = 2 ** depthOf(count);
  while (leaves.length < width) leaves.push(Buffer.from(ABSENT_LEAF));
  const layers = new MerkleTree(leaves, (hashed: Buffer) => hashed, {
    concatenator: (pair: Buffer[]) => Buffer.from(nodeHash(pair[0]!, pair[1]!)),
    hashLeaves: false,
    sort: false,
    duplicateOdd: false,
    complete: false,
  }).getLayers();
  const root = toHex(countedRoot(count, layers.at(-1)![0]!));
  return {
    root,
    prove(position) {
      assert(Number.isInteger(position) && position >= 0 && position < count, `position out of range: ${position}`);
      const siblings = layers
        .slice(0, -1)
        .map((layer, height) => toHex(layer[Math.floor(position / 2 ** height) ^ 1]!));
      return { position, count, siblings };
    },
  };
}

/** Whether `payload` is the element that the proof speaks of. The same verdict as the contract's. */
export function verifySettlementProof(root: Hex, payload: Uint8Array, proof: SettlementProof): boolean {
  const { position, count, siblings } = proof;
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(position) || position < 0 || position >= count)
    return false;
  if (siblings.length !== depthOf(count)) return false;
  let hash = leafHash(position, payload);
  let at = position;
  for (const siblingHex of siblings) {
    const sibling = fromHex(siblingHex, HASH_BYTES);
    hash = at % 2 === 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    at = Math.floor(at / 2);
  }
  return toHex(countedRoot(count, hash)) === root;
}

/** Smallest depth with 2^depth >= max(count, 1). */
function depthOf(count: number): number {
  let depth = 0;
  while (2 ** depth < count) depth += 1;
  return depth;
}
