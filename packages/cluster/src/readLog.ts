import { decodeLogBlock, type LogBlock } from '@keel/codec';
import type { KeyValue, Store } from '@keel/etcd';
import { divFloor } from '@keel/types';
import { type ClusterKeys, numberedKey } from './keys.ts';
import { BLOCK_BYTES_MAX, LOG_PAGE_BLOCKS, LOG_PAGE_BYTES } from './limits.ts';

/**
 * The blocks of the log from a height on, page by page, as far as the store has them: each page sees everything that was
 * committed before it was asked for. Resolves with the store's revision at the last page. Rejects with StoreFault.
 */
export async function readLog(
  store: Store,
  keys: ClusterKeys,
  fromHeight: number,
  onBlock: (block: LogBlock) => void,
): Promise<number> {
  let next = fromHeight;
  // Blocks grow when the store is slow, just when a page of the largest ones would not come in time.
  let blocks = LOG_PAGE_BYTES / BLOCK_BYTES_MAX;
  for (;;) {
    const page = await store.range(numberedKey(keys.log, next), keys.log.end, blocks);
    blocks = blocksOf(page.entries);
    for (const { value } of page.entries) {
      const block = decodeLogBlock(value);
      onBlock(block);
      next = block.height + 1;
    }
    if (!page.more) return page.revision;
  }
}

/** So many of the size of these make a page. */
function blocksOf(entries: readonly KeyValue[]): number {
  const bytes = entries.reduce((sum, { value }) => sum + value.length, 0);
  if (bytes === 0) return LOG_PAGE_BLOCKS;
  return Math.min(LOG_PAGE_BLOCKS, Math.max(1, divFloor(LOG_PAGE_BYTES * entries.length, bytes)));
}
