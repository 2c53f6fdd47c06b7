import type { NodeRole } from '@keel/codec';
import type { Store } from '@keel/etcd';
import type { ReceivedRecord } from '@keel/journal';
import type { Hex, TimeMs } from '@keel/types';
import type { KnownLeader } from './clusterView.ts';
import type { ClusterKeys } from './keys.ts';
import type { LocalReplica } from './localReplica.ts';
import type { Say } from './say.ts';
import type { Sequencer } from './sequencer.ts';
import type { SequencerWatch } from './sequencerWatch.ts';
import type { Time } from './time.ts';

export interface NodeOptions {
  readonly nodeId: string;
  /** 16 bytes, new at each start of the process. */
  readonly instanceId: Hex;
  /** 16 bytes, kept in the data directory. */
  readonly directoryId: Hex;
  readonly intakeUrl: string;
  readonly adminUrl: string;
  readonly version: string;
  readonly engineVersion: number;
  /** Nodes that hold the log. */
  readonly members: number;
  /** Of the last command before the log's first block. */
  readonly baseSequence: number;
  readonly takeOversPerMinute: number;
  /** How often the leader trims the log, and how many of the newest blocks stay; see limits.ts unless told. */
  readonly trim?: { readonly everyMs?: number; readonly blocksKept: number };
  readonly store: Store;
  readonly keys: ClusterKeys;
  readonly time: Time;
  readonly replica: LocalReplica;
  /** Of the newest snapshot on this node's disk; 0 = none. */
  readonly snapshotSequence: () => number;
  /** Looks whether this node could lead; the reason if not. Asked every few seconds. */
  readonly selfTest: () => Promise<string | undefined>;
  /** Watches whether the leader's process is there; says so once when it certainly is not. Returns the way to stop. */
  readonly watchLeader: (leader: KnownLeader, onGone: () => void) => () => void;
  /**
   * Records of other nodes' journals from a sequence on, each continuing the one before, as many as they have. Without it
   * a node that needs what the log has lost ends with LogBeginsLater.
   */
  readonly fetchMissing?: (fromSequence: number) => AsyncIterable<ReceivedRecord>;
  /** A sequenced clock that begins where the log ends. */
  readonly createClock: (lastTimeMs: TimeMs) => () => TimeMs;
  readonly queueMax: number;
  readonly watch: SequencerWatch;
  readonly onGroup: () => void;
  /** This node leads: commands may be submitted. */
  readonly onLead: (sequencer: Sequencer, epoch: number) => void;
  /** This node leads no more; commands are refused already. */
  readonly onStepDown: (reason: string) => void;
  readonly onRole: (role: NodeRole) => void;
  readonly onStoreFull: (full: boolean) => void;
  readonly say: Say;
  /** Ends the process. */
  readonly fail: (fault: unknown) => never;
}
