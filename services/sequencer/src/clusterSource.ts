import type { Exchange } from '@keel/replica';
import type { ClusterSource } from './clusterFigures.ts';
import type { SnapshotKeeper } from './keepSnapshots.ts';
import type { NodeFace } from './nodeFace.ts';
import { lagCommands } from './status.ts';
import type { StoreSizes } from './storeKeeper.ts';

export interface SourceOptions {
  readonly node: NodeFace;
  readonly exchange: Exchange;
  readonly snapshots: SnapshotKeeper;
  readonly storeFull: () => boolean;
  readonly sizes: () => StoreSizes;
}

/** What the metrics of a cluster are read from, at each scrape. */
export function clusterSource(options: SourceOptions): ClusterSource {
  const { node, exchange, snapshots, sizes } = options;
  return {
    get role() {
      return node.role;
    },
    get epoch() {
      return node.epoch;
    },
    get height() {
      return node.height;
    },
    get lagCommands() {
      return lagCommands(node, exchange.state.sequence);
    },
    get lastCommitAgeSeconds() {
      return (performance.now() - node.lastBlockMs) / 1_000;
    },
    get journalLagCommands() {
      return exchange.state.sequence - node.durableSequence;
    },
    get takeoversLastMinute() {
      return node.takeOversLastMinute;
    },
    get heldBack() {
      return node.heldBack;
    },
    get checkpointMismatch() {
      return node.haltedBy !== undefined;
    },
    get clockOffsetSeconds() {
      return node.clockOffsetMs / 1_000;
    },
    get storeFull() {
      return options.storeFull();
    },
    get logBlocks() {
      return sizes().logBlocks;
    },
    get storeDbBytes() {
      return sizes().dbBytes;
    },
    get snapshotAgeSeconds() {
      return snapshots.ageSeconds;
    },
    get snapshotFailures() {
      return snapshots.failures;
    },
    get nodesAlive() {
      return node.nodes.length;
    },
    get members() {
      return node.members;
    },
    get paused() {
      return node.paused !== undefined;
    },
    get leaseRemainingSeconds() {
      return node.leaseRemainingMs / 1_000;
    },
  };
}
