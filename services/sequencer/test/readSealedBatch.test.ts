import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchStore, type OpenedExchange } from '@keel/replica';
import { type SealedBatch, toSequence } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSealedBatch } from '../src/readSealedBatch.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keel-sealed-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const BATCH: SealedBatch = {
  batchIndex: 0,
  firstSequence: toSequence(1),
  lastSequence: toSequence(10),
  timeMs: 1,
  stateRoot: `0x${'1'.repeat(64)}`,
  commandHashes: [`0x${'a'.repeat(64)}`],
  withdrawals: [],
  nextDepositIndex: 0,
  firstWithdrawalIndex: 0,
  nextWithdrawalIndex: 0,
};

test('a batch that is sealed and not yet on the disk is waited for, one that is not sealed is not', async () => {
  const batches = new BatchStore(dir);
  let flushes = 0;
  const opened = {
    exchange: { lastBatchIndex: 0 },
    journal: {
      flush: async () => {
        flushes += 1;
        await batches.put(BATCH);
      },
    },
    batches,
  } as unknown as OpenedExchange;
  expect(await readSealedBatch(1, opened)).toBeUndefined();
  expect(flushes).toBe(0);
  expect(await readSealedBatch(0, opened)).toEqual(BATCH);
  expect(await readSealedBatch(0, opened)).toEqual(BATCH);
  expect(flushes).toBe(1);
});
