import { type Hex, type SealedBatch, toSequence } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { batchHash, batchHeader, stateRoot, ZERO_HASH } from '../src/index.ts';

const hash = (byte: string): Hex => `0x${byte.repeat(32)}`;

const sealed: SealedBatch = {
  batchIndex: 0,
  firstSequence: toSequence(1),
  lastSequence: toSequence(2),
  timeMs: 1_700_000_000_000,
  stateRoot: hash('aa'),
  commandHashes: [hash('01'), hash('02')],
  withdrawals: [{ withdrawalIndex: 4, recipient: `0x${'b0'.repeat(20)}`, assetId: 0, amountAtoms: 5_000_000 }],
  nextDepositIndex: 3,
  firstWithdrawalIndex: 4,
  nextWithdrawalIndex: 5,
};

describe('batchHeader', () => {
  test('says of a sealed batch what L1 keeps of it', () => {
    expect(batchHeader(sealed, ZERO_HASH)).toMatchObject({
      batchIndex: 0,
      prevBatchHash: ZERO_HASH,
      firstSequence: 1,
      lastSequence: 2,
      withdrawalCount: 1,
      nextDepositIndex: 3,
      nextWithdrawalIndex: 5,
    });
  });

  test('a batch whose lists do not match its ranges is a fault of ours', () => {
    const short = { ...sealed, commandHashes: [hash('01')] };
    expect(() => batchHeader(short, ZERO_HASH)).toThrow('batch 0 has 1 command hashes for 1 to 2');
    const gap = { ...sealed, firstWithdrawalIndex: 3, nextWithdrawalIndex: 4 };
    expect(() => batchHeader(gap, ZERO_HASH)).toThrow('withdrawals of batch 0 are not 3 to 4 without gaps');
  });

  test('every field counts in the hash', () => {
    const header = batchHeader(sealed, ZERO_HASH);
    const hashes = new Set([batchHash(header)]);
    for (const [field, value] of Object.entries(header)) {
      hashes.add(batchHash({ ...header, [field]: typeof value === 'number' ? value + 1 : hash('ff') }));
    }
    expect(hashes.size).toBe(1 + Object.keys(header).length);
  });
});

describe('stateRoot', () => {
  test('every part counts, and the trees do not stand for each other', () => {
    const parts = {
      accountsRoot: new Uint8Array(32).fill(1),
      ordersRoot: new Uint8Array(32).fill(2),
      marketsRoot: new Uint8Array(32).fill(3),
      globals: Uint8Array.of(4),
    };
    const roots = new Set([
      stateRoot(parts),
      stateRoot({ ...parts, accountsRoot: parts.ordersRoot, ordersRoot: parts.accountsRoot }),
      stateRoot({ ...parts, marketsRoot: parts.ordersRoot }),
      stateRoot({ ...parts, globals: Uint8Array.of(4, 0) }),
    ]);
    expect(roots.size).toBe(4);
    expect([...roots][0]).toMatch(/^0x[0-9a-f]{64}$/);
  });
});
