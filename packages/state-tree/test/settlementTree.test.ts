import { createHash } from 'node:crypto';
import type { Hex } from '@keel/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settlementTree, verifySettlementProof } from '../src/index.ts';

const payloads = fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 });
const someProof = fc
  .array(fc.uint8Array({ maxLength: 64 }), { minLength: 1, maxLength: 20 })
  .chain((list) => fc.record({ list: fc.constant(list), position: fc.nat({ max: list.length - 1 }) }));

function sha(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** The slow twin: the definition, without any library. */
function slowRoot(list: readonly Uint8Array[]): Hex {
  const half = (from: number, width: number): Buffer => {
    if (width === 1) return from < list.length ? sha(Buffer.of(0), u64(from), list[from]!) : Buffer.alloc(32);
    return sha(Buffer.of(1), half(from, width / 2), half(from + width / 2, width / 2));
  };
  let width = 1;
  while (width < list.length) width *= 2;
  return `0x${sha(Buffer.of(4), u64(list.length), half(0, width)).toString('hex')}`;
}

describe('settlementTree', () => {
  test('its root is the one that the definition gives', () => {
    fc.assert(
      fc.property(payloads, (list) => {
        expect(settlementTree(list).root).toBe(slowRoot(list));
      }),
    );
  });

  test('every element has a proof', () => {
    fc.assert(
      fc.property(someProof, ({ list, position }) => {
        const tree = settlementTree(list);
        expect(verifySettlementProof(tree.root, list[position]!, tree.prove(position))).toBe(true);
      }),
    );
  });

  test('a proof speaks for no other position, count, payload or list', () => {
    fc.assert(
      fc.property(someProof, fc.nat({ max: 40 }), fc.nat({ max: 40 }), ({ list, position }, other, count) => {
        const { root, prove } = settlementTree(list);
        const payload = list[position]!;
        const proof = prove(position);
        expect(verifySettlementProof(root, payload, { ...proof, position: other })).toBe(other === position);
        expect(verifySettlementProof(root, payload, { ...proof, count })).toBe(count === list.length);
        expect(verifySettlementProof(root, Uint8Array.of(...payload, 0), proof)).toBe(false);
        expect(verifySettlementProof(settlementTree([...list, payload]).root, payload, proof)).toBe(false);
      }),
    );
  });

  test('any flipped byte and any other length spoils a proof', () => {
    fc.assert(
      fc.property(someProof, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ list, position }, where, flip) => {
        const { root, prove } = settlementTree(list);
        const payload = list[position]!;
        const proof = prove(position);
        const longer = { ...proof, siblings: [...proof.siblings, root] };
        expect(verifySettlementProof(root, payload, longer)).toBe(false);
        if (proof.siblings.length === 0) return;
        expect(verifySettlementProof(root, payload, { ...proof, siblings: proof.siblings.slice(1) })).toBe(false);
        const level = where % proof.siblings.length;
        const bytes = Buffer.from(proof.siblings[level]!.slice(2), 'hex');
        bytes[where % 32]! ^= flip;
        const siblings = proof.siblings.with(level, `0x${bytes.toString('hex')}`);
        expect(verifySettlementProof(root, payload, { ...proof, siblings })).toBe(false);
      }),
    );
  });

  test('an inner node does not pass as a leaf', () => {
    const list = [1, 2, 3, 4].map((byte) => Uint8Array.of(byte));
    const { root, prove } = settlementTree(list);
    const node = Buffer.concat([sha(Buffer.of(0), u64(0), list[0]!), sha(Buffer.of(0), u64(1), list[1]!)]);
    const upper = prove(0).siblings.slice(1);
    expect(verifySettlementProof(root, node, { position: 0, count: 2, siblings: upper })).toBe(false);
    expect(verifySettlementProof(root, node, { position: 0, count: 4, siblings: upper })).toBe(false);
    expect(settlementTree([node, list[2]!]).root).not.toBe(root);
  });

  test('a repeated last element makes another list', () => {
    const [a, b, c] = [1, 2, 3].map((byte) => Uint8Array.of(byte)) as [Uint8Array, Uint8Array, Uint8Array];
    expect(settlementTree([a, b, c]).root).not.toBe(settlementTree([a, b, c, c]).root);
  });

  test('an empty list has a root and proves nothing', () => {
    const { root, prove } = settlementTree([]);
    expect(root).toBe(slowRoot([]));
    expect(() => prove(0)).toThrow('position out of range');
    expect(verifySettlementProof(root, new Uint8Array(), { position: 0, count: 0, siblings: [] })).toBe(false);
  });
});
