import { decodeLogBlock, type LogBlock } from '@keel/codec';
import type { Store } from '@keel/etcd';
import { type ClusterKeys, numberedKey } from './keys.ts';
import { FIRST_PAGE_BLOCKS, pageBlocks } from './pageBlocks.ts';

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
  let blocks = FIRST_PAGE_BLOCKS;
  for (;;) {
    const page = await store.range(numberedKey(keys.log, next), keys.log.end, blocks);
    blocks = pageBlocks(page.entries);
    for (const { value } of page.entries) {
      const block = decodeLogBlock(value);
      onBlock(block);
      next = block.height + 1;
    }
    if (!page.more) return page.revision;
  }
}
