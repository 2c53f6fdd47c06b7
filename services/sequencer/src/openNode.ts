import { randomBytes } from 'node:crypto';
import { LocalReplica, machineTime } from '@keel/cluster';
import type { Identity } from '@keel/journal';
import type { OpenedExchange } from '@keel/replica';
import type { Logger } from '@keel/runtime';
import type { SealedBatch } from '@keel/types';
import { createClock, createSteadyClock } from './clock.ts';
import { ClusteredNode } from './clusteredNode.ts';
import type { SequencerConfig } from './config.ts';
import { type Figures, watchSequencer } from './figures.ts';
import type { SnapshotKeeper } from './keepSnapshots.ts';
import type { LeaderSlot } from './leaderSlot.ts';
import type { NodeFace } from './nodeFace.ts';
import { fetchMissing, type OpenedCluster, sayWith } from './openCluster.ts';
import { testSelf } from './selfTest.ts';
import { SoloNode } from './soloNode.ts';
import { soloReport, VERSION } from './soloReport.ts';
import { watchProcess } from './watchProcess.ts';

export interface NodeParts {
  readonly config: SequencerConfig;
  readonly identity: Identity;
  readonly opened: OpenedExchange;
  /** Undefined = a node alone. */
  readonly cluster: OpenedCluster | undefined;
  readonly snapshots: SnapshotKeeper;
  readonly figures: Figures;
  readonly slot: LeaderSlot;
  readonly log: Logger;
  /** The intake must tell its clients that this node leads no more. */
  readonly onStepDown: () => void;
  readonly onStoreFull: (full: boolean) => void;
  readonly fail: (fault: unknown) => never;
}

export interface OpenedNode {
  readonly node: NodeFace;
  /** Begins to lead, or to follow. */
  readonly begin: () => Promise<void>;
}

/** The node of this process: alone with its journal, or one of a cluster. */
export function openNode(parts: NodeParts): OpenedNode {
  return parts.cluster === undefined ? openSolo(parts) : openClustered(parts, parts.cluster);
}

function openSolo({ config, identity, opened, snapshots, slot, ...parts }: NodeParts): OpenedNode {
  const { exchange, journal } = opened;
  const node = new SoloNode({
    dataDir: config.dataDir,
    journal,
    onApplied: () => snapshots.makeIfDue(),
    report: (checkpoint) => soloReport({ config, identity, journal, exchange, snapshots, checkpoint }),
    sequencer: {
      ...sharedOptions({ config, identity, opened, snapshots, slot, ...parts }),
      exchange,
      clock: createClock(exchange.state.timeMs),
      monotonicMs: machineTime.monotonicMs,
      nextTurn: machineTime.nextTurn,
    },
  });
  return { node, begin: () => slot.lead(node.sequencer, 0) };
}

function openClustered(parts: NodeParts, { etcd, keys, identity: shared }: OpenedCluster): OpenedNode {
  const { config, identity, opened, snapshots, slot, log, fail } = parts;
  if (config.cluster === undefined) throw new Error('a cluster was opened without its settings');
  const { onSealed, ...options } = sharedOptions(parts);
  const replica = new LocalReplica({
    exchange: opened.exchange,
    journal: opened.journal,
    onSealed,
    onCheckpoint: () => snapshots.makeIfDue(),
    fail,
  });
  const node: ClusteredNode = new ClusteredNode({
    ...options,
    ...config.cluster,
    instanceId: `0x${randomBytes(16).toString('hex')}`,
    directoryId: `0x${identity.directoryId}`,
    version: VERSION,
    engineVersion: config.engineVersionMax,
    baseSequence: shared.baseSequence,
    store: etcd,
    keys,
    time: machineTime,
    replica,
    snapshotSequence: () => snapshots.maker.lastSequence,
    selfTest: () => testSelf(config.dataDir),
    watchLeader: ({ intakeUrl }, onGone) => watchProcess(intakeUrl, onGone),
    fetchMissing: (from) => fetchMissing(node.nodes, node.nodeId, config.intakeToken, sayWith(log), from),
    createClock: createSteadyClock,
    onLead: (sequencer, epoch) => void slot.lead(sequencer, epoch).catch(fail),
    onStepDown: () => {
      parts.onStepDown();
      slot.stepDown().catch(fail);
    },
    onRole: (role) => log.info({ role }, 'this node has another role'),
    onStoreFull: (full) => {
      parts.onStoreFull(full);
      if (full) log.error('etcd is full and takes nothing; commands wait until the log is trimmed');
    },
    say: sayWith(log),
  });
  return { node, begin: () => node.start() };
}

function sharedOptions({ config, opened, figures, slot, log, fail }: NodeParts) {
  return {
    queueMax: config.queueMax,
    watch: watchSequencer(figures),
    onSealed: (batch: SealedBatch) => {
      opened.batches.put(batch).catch(fail);
      log.info({ seq: batch.lastSequence, batchIndex: batch.batchIndex, stateRoot: batch.stateRoot }, 'sealed a batch');
    },
    onGroup: () => slot.publish(),
    fail,
  };
}
