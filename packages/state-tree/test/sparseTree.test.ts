import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SparseTree, verifySparseProof } from '../src/index.ts';

const DEPTH = 6;

/** The slow twin: hashes the whole tree from its definition, with its own hashing. */
function slowRoot(leaves: ReadonlyMap<number, Uint8Array>, depth: number): Uint8Array {
  const node = (height: number, index: number): Buffer => {
    if (height === 0) {
      const leaf = leaves.get(index);
      if (leaf === undefined) return Buffer.alloc(32);
      const place = Buffer.alloc(8);
      place.writeBigUInt64BE(BigInt(index));
      return sha(Buffer.concat([Buffer.of(0), place, leaf]));
    }
    return sha(Buffer.concat([Buffer.of(1), node(height - 1, 2 * index), node(height - 1, 2 * index + 1)]));
  };
  return node(depth, 0);
}

function sha(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

const index = fc.nat({ max: 2 ** DEPTH - 1 });
const leafBytes = fc.uint8Array({ maxLength: 40 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), index, bytes: leafBytes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('root' as const) }) },
);

function build(leaves: ReadonlyMap<number, Uint8Array>, depth = DEPTH): SparseTree {
  const tree = new SparseTree(depth);
  for (const [at, bytes] of leaves) tree.set(at, bytes);
  return tree;
}

const someLeaves = fc
  .uniqueArray(fc.tuple(index, leafBytes), { minLength: 1, maxLength: 12, selector: ([at]) => at })
  .map((entries) => new Map(entries));

describe('SparseTree', () => {
  test('after any sequence of changes the root is that of a tree hashed from nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const tree = new SparseTree(DEPTH);
        const leaves = new Map<number, Uint8Array>();
        for (const change of steps) {
          if (change.kind === 'root') {
            expect(tree.root()).toEqual(slowRoot(leaves, DEPTH));
          } else if (change.kind === 'remove') {
            tree.set(change.index, undefined);
            leaves.delete(change.index);
          } else {
            tree.set(change.index, change.bytes);
            leaves.set(change.index, change.bytes);
          }
        }
        expect(tree.root()).toEqual(slowRoot(leaves, DEPTH));
      }),
    );
  });

  test('the order in which leaves came does not show in the root', () => {
    fc.assert(
      fc.property(someLeaves, (leaves) => {
        expect(build(new Map([...leaves].reverse())).root()).toEqual(build(leaves).root());
      }),
    );
  });

  test('a tree that was emptied has the root of a new one', () => {
    const tree = build(new Map([[3, Uint8Array.of(1)]]));
    tree.root();
    tree.set(3, undefined);
    expect(tree.root()).toEqual(new SparseTree(DEPTH).root());
  });

  test('an empty leaf is not an absent one', () => {
    expect(build(new Map([[3, new Uint8Array()]])).root()).not.toEqual(new SparseTree(DEPTH).root());
  });

  test('every index has a proof of what is there, present or absent', () => {
    fc.assert(
      fc.property(someLeaves, index, (leaves, at) => {
        const tree = build(leaves);
        const proof = tree.prove(at);
        expect(verifySparseProof(tree.root(), DEPTH, proof, leaves.get(at))).toBe(true);
        expect(verifySparseProof(tree.root(), DEPTH, proof, Uint8Array.of(...(leaves.get(at) ?? []), 7))).toBe(false);
        if (leaves.has(at)) expect(verifySparseProof(tree.root(), DEPTH, proof, undefined)).toBe(false);
      }),
    );
  });

  test('a changed sibling, place or length spoils a proof', () => {
    fc.assert(
      fc.property(
        someLeaves,
        index,
        fc.nat({ max: DEPTH * 32 - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (leaves, other, where, flip) => {
          const tree = build(leaves);
          const [at, bytes] = [...leaves][0]!;
          const proof = tree.prove(at);
          const root = tree.root();
          const siblings = proof.siblings.map((sibling) => Uint8Array.from(sibling));
          siblings[Math.floor(where / 32)]![where % 32]! ^= flip;
          expect(verifySparseProof(root, DEPTH, { ...proof, siblings }, bytes)).toBe(false);
          expect(verifySparseProof(root, DEPTH, { ...proof, index: other }, bytes)).toBe(other === at);
          expect(verifySparseProof(root, DEPTH, { ...proof, siblings: proof.siblings.slice(1) }, bytes)).toBe(false);
          expect(verifySparseProof(root, DEPTH - 1, { ...proof, siblings: proof.siblings.slice(1) }, bytes)).toBe(
            false,
          );
        },
      ),
    );
  });

  test('indexes above 32 bits have places of their own', () => {
    const tree = new SparseTree(40);
    const high = 2 ** 40 - 1;
    tree.set(high, Uint8Array.of(1));
    tree.set(high - 2 ** 32, Uint8Array.of(2));
    const root = tree.root();
    expect(verifySparseProof(root, 40, tree.prove(high), Uint8Array.of(1))).toBe(true);
    expect(verifySparseProof(root, 40, tree.prove(high - 2 ** 32), Uint8Array.of(2))).toBe(true);
    expect(verifySparseProof(root, 40, tree.prove(high - 2 ** 33), undefined)).toBe(true);
  });

  test('an index outside the tree is a fault of ours', () => {
    const tree = new SparseTree(8);
    for (const bad of [-1, 256, 1.5, Number.NaN]) {
      expect(() => tree.set(bad, undefined)).toThrow('index out of range');
      expect(() => tree.prove(bad)).toThrow('index out of range');
    }
  });
});
