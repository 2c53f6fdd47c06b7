import type { KeyValue } from '@keel/etcd';
import { divFloor } from '@keel/types';
import { BLOCK_BYTES_MAX, LOG_PAGE_BLOCKS, LOG_PAGE_BYTES } from './limits.ts';

/** Blocks of the first page: as many as fit if they are the largest there are. */
export const FIRST_PAGE_BLOCKS = LOG_PAGE_BYTES / BLOCK_BYTES_MAX;

/**
 * How many blocks to read at once after a page, going by their size. Blocks grow when the store is slow, just when a page
 * of 64 large ones would not come within a call's time limit, now or at the next attempt.
 */
export function pageBlocks(page: readonly KeyValue[]): number {
  const bytes = page.reduce((sum, { value }) => sum + value.length, 0);
  if (bytes === 0) return LOG_PAGE_BLOCKS;
  return Math.min(LOG_PAGE_BLOCKS, Math.max(1, divFloor(LOG_PAGE_BYTES * page.length, bytes)));
}
