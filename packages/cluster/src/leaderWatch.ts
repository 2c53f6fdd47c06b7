import { StoreFault } from '@keel/etcd';
import type { ClusterView, KnownLeader } from './clusterView.ts';
import type { NodeOptions } from './nodeOptions.ts';

/** What a node knows of the leader's going: since when, why, and to whom it was promised. */
export class LeaderWatch {
  readonly #node: NodeOptions;
  readonly #view: ClusterView;
  #goneMs: number | undefined;
  #reason = 'first start';
  #handOverSeenMs: number | undefined;
  #watchedEpoch = 0;
  #stopWatching: () => void = () => undefined;

  constructor(node: NodeOptions, view: ClusterView) {
    this.#node = node;
    this.#view = view;
  }

  /** Monotonic, when this node saw that there was no leader; undefined while there is one. */
  get goneMs(): number | undefined {
    return this.#goneMs;
  }

  /** Why there was no leader last, for people. */
  get reason(): string {
    return this.#reason;
  }

  /** Milliseconds since the leader promised its place to somebody; undefined = it did not. */
  get handOverAgeMs(): number | undefined {
    return this.#handOverSeenMs === undefined ? undefined : this.#node.time.monotonicMs() - this.#handOverSeenMs;
  }

  /** After each change of the view. */
  look(): void {
    const { leader, handOver } = this.#view;
    const nowMs = this.#node.time.monotonicMs();
    if (leader === undefined) this.#goneMs ??= nowMs;
    else this.#goneMs = undefined;
    if (handOver === undefined) this.#handOverSeenMs = undefined;
    else if (leader === undefined) {
      this.#handOverSeenMs ??= nowMs;
      this.#reason = `hand-over by ${handOver.fromNodeId}`;
    }
    if (leader?.epoch !== this.#watchedEpoch) this.#watch(leader);
  }

  /** This node led until now. */
  noteOwnEnd(reason: string): void {
    this.#reason = `${this.#node.nodeId} stepped down: ${reason}`;
  }

  stop(): void {
    this.#stopWatching();
  }

  /** Asks the machine, not the lease, whether the leader's process is there: a dead one need not be waited for. */
  #watch(leader: KnownLeader | undefined): void {
    const { nodeId, instanceId, watchLeader, fail } = this.#node;
    this.#stopWatching();
    this.#stopWatching = () => undefined;
    this.#watchedEpoch = leader?.epoch ?? 0;
    if (leader === undefined) return;
    if (leader.nodeId === nodeId) {
      // Of this directory's run before this one, which is certainly gone: its lease need not be waited for.
      if (leader.instanceId !== instanceId) this.#remove(leader).catch(fail);
      return;
    }
    this.#reason = `the lease of ${leader.nodeId} ended`;
    this.#stopWatching = watchLeader(leader, () => {
      this.#reason = `the process of ${leader.nodeId} was gone`;
      this.#remove(leader).catch(fail);
    });
  }

  /** Safe at any time: whatever that leader appends from now on is refused by its transaction. */
  async #remove(leader: KnownLeader): Promise<void> {
    const { store, keys } = this.#node;
    const leads = { key: keys.leader, createRevision: leader.epoch };
    await store.transact([leads], [{ kind: 'delete', key: keys.leader }]).catch((fault: unknown) => {
      if (!(fault instanceof StoreFault)) throw fault;
    });
  }
}
