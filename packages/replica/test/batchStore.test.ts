import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SealedBatch, toSequence } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BatchStore } from '../src/batchStore.ts';
import { BATCHES_IN_MEMORY } from '../src/limits.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keel-batches-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const batchOf = (batchIndex: number, root = '1'): SealedBatch => ({
  batchIndex,
  firstSequence: toSequence(batchIndex * 10 + 1),
  lastSequence: toSequence(batchIndex * 10 + 10),
  timeMs: 1,
  stateRoot: `0x${root.repeat(64)}`,
  commandHashes: [`0x${'a'.repeat(64)}`],
  withdrawals: [],
  nextDepositIndex: 0,
  firstWithdrawalIndex: 0,
  nextWithdrawalIndex: 0,
});

test('gives back what was put, from memory, from the file and after a restart', async () => {
  const store = new BatchStore(dir);
  const last = BATCHES_IN_MEMORY + 3;
  for (let index = 0; index <= last; index += 1) await store.put(batchOf(index));
  expect(await store.get(0)).toEqual(batchOf(0));
  expect(await store.get(last)).toEqual(batchOf(last));
  expect(await store.get(last + 1)).toBeUndefined();
  const again = new BatchStore(dir);
  expect(await again.get(last)).toEqual(batchOf(last));
  expect(again.hasAll(last)).toBe(true);
  expect(again.hasAll(last + 1)).toBe(false);
  expect(readdirSync(join(dir, 'batches')).every((name) => name.endsWith('.json'))).toBe(true);
});

test('a replay that gives another root is a fault of ours', async () => {
  await new BatchStore(dir).put(batchOf(0));
  const again = new BatchStore(dir);
  await again.put(batchOf(0));
  await expect(again.put(batchOf(0, '2'))).rejects.toThrow('batch 0 was sealed with root 0x1111');
});

test('a file that is no batch is named', async () => {
  await new BatchStore(dir).put(batchOf(0));
  const file = join(dir, 'batches', readdirSync(join(dir, 'batches'))[0] ?? '');
  writeFileSync(file, '{"batch');
  await expect(new BatchStore(dir).get(0)).rejects.toThrow(`${file} is not a batch: delete it`);
});
