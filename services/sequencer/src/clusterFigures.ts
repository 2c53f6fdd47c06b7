import type { Metrics } from '@keel/runtime';

/** A node's part in the cluster; the words of NodeReport.role. */
export const ROLES = ['starting', 'joining', 'following', 'standing', 'leading', 'halted'] as const;
export type Role = (typeof ROLES)[number];

/** What a node knows of itself and of the cluster, asked for at each scrape; every getter answers at once. */
export interface ClusterSource {
  readonly role: Role;
  /** Create revision of the leader key under which the last applied block was appended; 0 = no cluster, or none yet. */
  readonly epoch: number;
  /** Of the last block applied. */
  readonly height: number;
  /** Commands that are in the log, as far as this node knows, and not applied here. */
  readonly lagCommands: number;
  /** Since the last block was applied here, by the monotonic clock. */
  readonly lastCommitAgeSeconds: number;
  /** Commands applied here and not yet on this node's own disk. */
  readonly journalLagCommands: number;
  /** Changes of the leader that this node saw in the last 60 s. */
  readonly takeoversLastMinute: number;
  /** There were too many of them: nobody stands until a minute is quieter. */
  readonly heldBack: boolean;
  /** At a checkpoint this node had another state root than the leader; it has halted. */
  readonly checkpointMismatch: boolean;
  /** Own wall clock less the median of the others'; below zero = this one is slow. 0 while there are no others. */
  readonly clockOffsetSeconds: number;
  /** The store takes no puts (etcd's NOSPACE alarm). */
  readonly storeFull: boolean;
  /** Blocks that the store keeps, trimmed ones not counted. */
  readonly logBlocks: number;
  /** Of the largest member's database; 0 = not known, or the file driver. */
  readonly storeDbBytes: number;
  /** Since the newest snapshot was written, or since the start while there is none. */
  readonly snapshotAgeSeconds: number;
  /** Since the start of the process. */
  readonly snapshotFailures: number;
  /** Nodes whose report is not older than its lease, this one among them. */
  readonly nodesAlive: number;
  /** Nodes that the cluster is meant to have. */
  readonly members: number;
  readonly paused: boolean;
  /** How long this leader may still acknowledge without a new keep-alive; 0 when it does not lead or has no lease. */
  readonly leaseRemainingSeconds: number;
}

/** The metrics of a node of a cluster; with the file driver they are those of a cluster of one that always leads. */
export function createClusterFigures(metrics: Metrics, source: ClusterSource): void {
  exposeRole(metrics, source);
  const figures: readonly (readonly [name: string, help: string, collect: () => number])[] = [
    [
      'keel_cluster_epoch',
      'Epoch of the last applied block: rises with each leader, by more than one.',
      () => source.epoch,
    ],
    ['keel_cluster_height_blocks', 'Blocks of the log applied here.', () => source.height],
    ['keel_cluster_lag_commands', 'Commands in the log that are not applied here.', () => source.lagCommands],
    [
      'keel_cluster_last_commit_age_seconds',
      'Since the last block was applied here; a leader commits once a second at least, unless it is paused.',
      () => source.lastCommitAgeSeconds,
    ],
    [
      'keel_cluster_journal_lag_commands',
      "Commands applied here that are not on this node's own disk.",
      () => source.journalLagCommands,
    ],
    [
      'keel_cluster_takeovers_last_minute',
      'Changes of the leader that this node saw in the last 60 s.',
      () => source.takeoversLastMinute,
    ],
    [
      'keel_cluster_held_back',
      '1 while too many take-overs keep everybody from standing.',
      () => flag(source.heldBack),
    ],
    [
      'keel_cluster_checkpoint_mismatch',
      '1 when this node had another state root than the leader at a checkpoint.',
      () => flag(source.checkpointMismatch),
    ],
    [
      'keel_cluster_clock_offset_seconds',
      "Own wall clock less the median of the other nodes'.",
      () => source.clockOffsetSeconds,
    ],
    ['keel_cluster_store_full', '1 while the store takes no puts.', () => flag(source.storeFull)],
    ['keel_cluster_log_blocks', 'Blocks that the store keeps.', () => source.logBlocks],
    [
      'keel_cluster_store_db_bytes',
      "Size of the largest store member's database, 0 when not known.",
      () => source.storeDbBytes,
    ],
    [
      'keel_cluster_snapshot_age_seconds',
      'Since the newest snapshot, or since the start while there is none.',
      () => source.snapshotAgeSeconds,
    ],
    ['keel_cluster_nodes_alive', 'Nodes that report, this one among them.', () => source.nodesAlive],
    ['keel_cluster_members', 'Nodes that the cluster is meant to have.', () => source.members],
    ['keel_cluster_paused', '1 while the operator has stopped the taking of commands.', () => flag(source.paused)],
    [
      'keel_cluster_lease_remaining_seconds',
      'How long this leader may still acknowledge without a new keep-alive.',
      () => source.leaseRemainingSeconds,
    ],
  ];
  for (const [name, help, collect] of figures) metrics.gauge({ name, help, collect });
  metrics.counter({
    name: 'keel_cluster_snapshot_failures_total',
    help: 'Snapshots that could not be written.',
    collect: () => source.snapshotFailures,
  });
}

/** One sample per role, 1 for the one that holds, so that a change is seen without knowing the old role. */
function exposeRole(metrics: Metrics, source: ClusterSource): void {
  metrics.gaugeByLabel({
    name: 'keel_cluster_role',
    help: "1 for the node's role, 0 for the others.",
    labelNames: ['role'],
    collect: () => ROLES.map((role) => [{ role }, flag(source.role === role)] as const),
  });
}

const flag = (holds: boolean): number => (holds ? 1 : 0);
