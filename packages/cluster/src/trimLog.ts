import { decodeLogBlock, type NodeReport } from '@keel/codec';
import type { Store } from '@keel/etcd';
import { type ClusterKeys, numberedKey } from './keys.ts';
import { LOG_BLOCKS_KEPT } from './limits.ts';
import { FIRST_PAGE_BLOCKS, pageBlocks } from './pageBlocks.ts';

export interface TrimOptions {
  readonly store: Store;
  readonly keys: ClusterKeys;
  readonly epoch: number;
  /** Of the last block. */
  readonly height: number;
  readonly members: number;
  readonly nodes: readonly NodeReport[];
  /** Newest blocks that stay. */
  readonly blocksKept?: number;
}

/**
 * Deletes blocks from the front of the log that a majority of the nodes has in journals on stable storage and that
 * snapshots on a majority cover; the newest thousand stay in any case, the last one
 * whatever is asked for, because nodes look there whether the log is still theirs. A node that needs what is gone gets it from
 * another node's journal. Deletions alone, because a store that is full takes nothing else. Rejects with StoreFault.
 */
export async function trimLog(options: TrimOptions): Promise<{ readonly blocks: number; readonly revision: number }> {
  const { store, keys, epoch, height } = options;
  const safeSequence = safeToTrim(options.nodes, options.members);
  const lastHeight = height - Math.max(1, options.blocksKept ?? LOG_BLOCKS_KEPT);
  let blocks = 0;
  let revision = 0;
  let atOnce = FIRST_PAGE_BLOCKS;
  for (;;) {
    const page = await store.range(keys.log.start, keys.log.end, atOnce);
    atOnce = pageBlocks(page.entries);
    revision = page.revision;
    const heights = page.entries
      .map(({ value }) => decodeLogBlock(value))
      .filter((block) => {
        const lastSequence = block.firstSequence + block.payloads.length - 1;
        return block.height <= lastHeight && lastSequence <= safeSequence;
      });
    const last = heights.at(-1);
    if (last === undefined) return { blocks, revision };
    const result = await store.transact(
      [{ key: keys.leader, createRevision: epoch }],
      [{ kind: 'delete', key: keys.log.start, end: numberedKey(keys.log, last.height + 1) }],
    );
    if (!result.succeeded) return { blocks, revision };
    blocks += heights.length;
    revision = result.revision;
    if (heights.length < page.entries.length) return { blocks, revision };
  }
}

/** The last command that a majority has both in its journal and in a snapshot; 0 = none. */
export function safeToTrim(nodes: readonly NodeReport[], members: number): number {
  const covered = nodes
    .map(({ durableSequence, snapshotSequence }) => Math.min(durableSequence, snapshotSequence))
    .sort((one, other) => other - one);
  const majority = (members >> 1) + 1;
  return covered[majority - 1] ?? 0;
}
