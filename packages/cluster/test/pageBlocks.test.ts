import type { KeyValue } from '@keel/etcd';
import { expect, test } from 'vitest';
import { FIRST_PAGE_BLOCKS, pageBlocks } from '../src/pageBlocks.ts';

const KIB = 1024;

/** A page of blocks of so many bytes each. */
const pageOf = (sizes: readonly number[]): KeyValue[] =>
  sizes.map((size) => ({ key: '', value: new Uint8Array(size), createRevision: 1, modRevision: 1, leaseId: 0n }));

test('a page of the log has 64 small blocks, and about 8 MiB of large ones', () => {
  expect(FIRST_PAGE_BLOCKS).toBe(8);
  expect(pageBlocks([])).toBe(64);
  expect(pageBlocks(pageOf([200, 300]))).toBe(64);
  expect(pageBlocks(pageOf([128 * KIB, 128 * KIB]))).toBe(64);
  expect(pageBlocks(pageOf([256 * KIB]))).toBe(32);
  expect(pageBlocks(pageOf([1024 * KIB, 1024 * KIB, 1024 * KIB]))).toBe(8);
  expect(pageBlocks(pageOf([9 * 1024 * KIB]))).toBe(1);
});
