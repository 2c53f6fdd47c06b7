import type { Exchange } from '@keel/replica';
import type { SnapshotKeeper } from './keepSnapshots.ts';
import type { NodeFace } from './nodeFace.ts';
import type { ReadModelPublisher } from './publishReadModel.ts';

export interface StatusSources {
  readonly exchange: Exchange;
  readonly node: NodeFace;
  readonly snapshots: SnapshotKeeper;
  /** Only a node that leads has one. */
  readonly publisher: () => ReadModelPublisher | undefined;
  readonly recoverySeconds: number;
  readonly version: string;
}

/** What /status of the admin port shows. */
export function describeSequencer(sources: StatusSources): object {
  const { exchange, node, snapshots, recoverySeconds, version } = sources;
  const publisher = sources.publisher();
  const own = node.nodes.find(({ nodeId }) => nodeId === node.nodeId);
  const leaderReport = node.nodes.find(({ nodeId }) => nodeId === node.leader?.nodeId);
  return {
    ...exchange.status(),
    nodeId: node.nodeId,
    role: node.role,
    epoch: node.epoch,
    height: node.height,
    leader:
      node.leader === undefined
        ? null
        : { ...node.leader, adminUrl: leaderReport?.adminUrl ?? null, instanceId: undefined },
    durableSequence: node.durableSequence,
    snapshotSequence: snapshots.maker.lastSequence,
    snapshotAgeSeconds: Math.round(snapshots.ageSeconds),
    checkpoint: node.checkpoint ?? null,
    lagCommands: lagCommands(node, exchange.state.sequence),
    notStanding: own?.notStanding === '' ? null : (own?.notStanding ?? null),
    haltedBy: node.haltedBy ?? null,
    paused: node.paused ?? null,
    wallMs: Date.now(),
    engineVersion: exchange.state.engineVersion,
    engineVersionMax: exchange.state.engineVersionMax,
    version,
    openBatchCommands: exchange.openBatchCommands,
    waitingCommands: node.sequencer?.waiting ?? 0,
    // Left out by a node that does not lead.
    readModel: publisher && describeReadModel(publisher),
    recoverySeconds,
  };
}

function describeReadModel(publisher: ReadModelPublisher): object {
  const { connected, lagCommands, rebuilds, fenced, refusal } = publisher;
  // Nothing is written to a Redis of another policy, so a connected one has this.
  return {
    connected,
    lagCommands,
    rebuilds,
    fenced,
    policy: connected ? 'noeviction' : null,
    refusal: refusal ?? null,
  };
}

/** How far this node is behind the one that leads, by what that one reported last; 0 = not known to be. */
export function lagCommands(node: NodeFace, sequence: number): number {
  const leader = node.nodes.find(({ nodeId }) => nodeId === node.leader?.nodeId);
  return Math.max(0, (leader?.sequence ?? 0) - sequence);
}
