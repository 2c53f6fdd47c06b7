import { type ClusterKeys, ClusterNode, knownClockOffsetMs, type NodeOptions } from '@keel/cluster';
import { type Checkpoint, decodeTerm, type NodeReport, type PauseRecord, type TermRecord } from '@keel/codec';
import type { Store } from '@keel/etcd';
import type { NodeFace } from './nodeFace.ts';

const TERMS_MAX = 100;

/** A node of a cluster as the intake and the operator's door see it. */
export class ClusteredNode implements NodeFace {
  readonly nodeId: string;
  readonly members: number;
  readonly #node: ClusterNode;
  readonly #options: NodeOptions;
  readonly #store: Store;
  readonly #keys: ClusterKeys;

  constructor(options: NodeOptions) {
    this.nodeId = options.nodeId;
    this.members = options.members;
    this.#node = new ClusterNode(options);
    this.#options = options;
    this.#store = options.store;
    this.#keys = options.keys;
  }

  get role() {
    return this.#node.role;
  }

  get epoch(): number {
    return this.#node.epoch;
  }

  get height(): number {
    return this.#options.replica.height;
  }

  get durableSequence(): number {
    return this.#options.replica.journal.durableSequence;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#options.replica.checkpoints.newest;
  }

  get leader() {
    return this.#node.view.leader;
  }

  get sequencer() {
    return this.#node.sequencer;
  }

  get handingOver(): boolean {
    return this.#node.handingOver;
  }

  get paused(): PauseRecord | undefined {
    return this.#node.view.pause;
  }

  get haltedBy(): string | undefined {
    return this.#node.haltedBy;
  }

  get heldBack(): boolean {
    return this.#node.heldBack;
  }

  get takeOversLastMinute(): number {
    return this.#node.takeOversLastMinute;
  }

  get leaseRemainingMs(): number {
    return this.#node.leaseRemainingMs;
  }

  get clockOffsetMs(): number {
    return knownClockOffsetMs(Date.now(), this.nodeId, this.#node.view.nodes);
  }

  get lastBlockMs(): number {
    return this.#node.lastBlockMs;
  }

  /** This node's own report is of now, the others' at most some seconds old. */
  get nodes(): readonly NodeReport[] {
    const own = this.#node.report();
    return [...this.#node.view.nodes.filter(({ nodeId }) => nodeId !== own.nodeId), own].sort((one, other) =>
      one.nodeId < other.nodeId ? -1 : 1,
    );
  }

  async terms(): Promise<readonly TermRecord[]> {
    const { entries } = await this.#store.range(this.#keys.terms.start, this.#keys.terms.end, TERMS_MAX);
    return entries.map(({ value }) => decodeTerm(value)).reverse();
  }

  handOver(toNodeId: string | undefined) {
    return this.#node.handOver(toNodeId);
  }

  setPause(reason: string | undefined): Promise<void> {
    return this.#node.setPause(reason);
  }

  start(): Promise<void> {
    return this.#node.start();
  }

  stop(): Promise<void> {
    return this.#node.stop();
  }
}
