import { assert } from '@keel/types';
import { ABSENT_LEAF, leafHash, nodeHash, sameBytes } from './treeHash.ts';

/** Deepest tree: indexes stay safe integers with room to spare. */
const DEPTH_MAX = 48;

/** Hash of a subtree without leaves, by its height. */
const EMPTY_SUBTREES: readonly Uint8Array[] = emptySubtrees();

/** Hashes beside the way from a leaf to the root, from the leaf upwards: always as many as the tree is deep. */
export interface SparseProof {
  readonly index: number;
  readonly siblings: readonly Uint8Array[];
}

/**
 * A Merkle tree with a place for each of 2^depth indexes, nearly all of them empty. `set` only notes the new leaf; the
 * next `root` or `prove` hashes every touched branch once, however many of its leaves were set.
 *
 * Memory grows with the leaves that are present (about twice their number of hashes when they stand close together):
 * a branch that becomes empty is dropped.
 */
export class SparseTree {
  readonly depth: number;
  /** Hashes by height and index; an empty subtree is not stored. */
  readonly #levels: readonly Map<number, Uint8Array>[];
  #touched = new Set<number>();

  constructor(depth: number) {
    assert(Number.isInteger(depth) && depth > 0 && depth <= DEPTH_MAX, `depth out of range: ${depth}`);
    this.depth = depth;
    this.#levels = Array.from({ length: depth + 1 }, () => new Map());
  }

  /** Puts a leaf at an index in [0, 2^depth), or takes it away. */
  set(index: number, leafBytes: Uint8Array | undefined): void {
    this.#assertIndex(index);
    if (leafBytes === undefined) this.#levels[0]!.delete(index);
    else this.#levels[0]!.set(index, leafHash(index, leafBytes));
    this.#touched.add(index);
  }

  root(): Uint8Array {
    this.#rehash();
    return this.#hashAt(this.depth, 0);
  }

  /** Proof of what is at the index, also that nothing is. */
  prove(index: number): SparseProof {
    this.#assertIndex(index);
    this.#rehash();
    const siblings: Uint8Array[] = [];
    let at = index;
    for (let height = 0; height < this.depth; height++) {
      siblings.push(this.#hashAt(height, siblingOf(at)));
      at = parentOf(at);
    }
    return { index, siblings };
  }

  #rehash(): void {
    let touched = this.#touched;
    if (touched.size === 0) return;
    for (let height = 0; height < this.depth; height++) {
      const parents = new Set<number>();
      for (const index of touched) parents.add(parentOf(index));
      for (const parent of parents) this.#rehashNode(height + 1, parent);
      touched = parents;
    }
    this.#touched = new Set();
  }

  #rehashNode(height: number, index: number): void {
    const below = this.#levels[height - 1]!;
    const left = below.get(2 * index);
    const right = below.get(2 * index + 1);
    if (left === undefined && right === undefined) {
      this.#levels[height]!.delete(index);
      return;
    }
    const empty = EMPTY_SUBTREES[height - 1]!;
    this.#levels[height]!.set(index, nodeHash(left ?? empty, right ?? empty));
  }

  #hashAt(height: number, index: number): Uint8Array {
    return this.#levels[height]!.get(index) ?? EMPTY_SUBTREES[height]!;
  }

  #assertIndex(index: number): void {
    assert(Number.isInteger(index) && index >= 0 && index < 2 ** this.depth, `index out of range: ${index}`);
  }
}

/** Whether the tree behind `root` holds exactly this leaf at the proof's index; `undefined` = holds none there. */
export function verifySparseProof(
  root: Uint8Array,
  depth: number,
  proof: SparseProof,
  leafBytes: Uint8Array | undefined,
): boolean {
  const { index, siblings } = proof;
  if (siblings.length !== depth || !Number.isSafeInteger(index) || index < 0 || index >= 2 ** depth) return false;
  let hash = leafBytes === undefined ? ABSENT_LEAF : leafHash(index, leafBytes);
  let at = index;
  for (const sibling of siblings) {
    hash = at % 2 === 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    at = parentOf(at);
  }
  return sameBytes(hash, root);
}

// Indexes may exceed 32 bits, so no shifts here.
function parentOf(index: number): number {
  return (index - (index % 2)) / 2;
}

function siblingOf(index: number): number {
  return index % 2 === 1 ? index - 1 : index + 1;
}

function emptySubtrees(): Uint8Array[] {
  const hashes = [ABSENT_LEAF];
  for (let height = 1; height <= DEPTH_MAX; height++) hashes.push(nodeHash(hashes[height - 1]!, hashes[height - 1]!));
  return hashes;
}
