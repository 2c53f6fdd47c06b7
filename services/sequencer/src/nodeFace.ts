import type { KnownLeader, Sequencer } from '@keel/cluster';
import type { Checkpoint, NodeReport, NodeRole, PauseRecord, TermRecord } from '@keel/codec';

/** What the intake and the operator's door need of a node, whether it is alone or one of several. */
export interface NodeFace {
  readonly nodeId: string;
  readonly role: NodeRole;
  /** 0 = alone, or nobody leads. */
  readonly epoch: number;
  /** Of the last block applied; 0 = alone. */
  readonly height: number;
  readonly durableSequence: number;
  readonly checkpoint: Checkpoint | undefined;
  readonly leader: KnownLeader | undefined;
  /** Takes commands, while this node leads. */
  readonly sequencer: Sequencer | undefined;
  readonly handingOver: boolean;
  readonly paused: PauseRecord | undefined;
  readonly haltedBy: string | undefined;
  readonly heldBack: boolean;
  readonly takeOversLastMinute: number;
  readonly leaseRemainingMs: number;
  /** Monotonic time of the last block applied. */
  readonly lastBlockMs: number;
  /** How far its wall clock is ahead of the others', as far as that is known. */
  readonly clockOffsetMs: number;
  readonly members: number;
  /** Every node that reports, this one among them. */
  readonly nodes: readonly NodeReport[];
  /** Newest first. Rejects when the store does not answer. */
  terms(): Promise<readonly TermRecord[]>;
  handOver(toNodeId: string | undefined): Promise<{ readonly to: string } | { readonly refused: string }>;
  /** Undefined resumes. */
  setPause(reason: string | undefined): Promise<void>;
  stop(): Promise<void>;
}
