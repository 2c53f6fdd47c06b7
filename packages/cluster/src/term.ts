import { encodeTerm } from '@keel/codec';
import { type Operation, StoreFault } from '@keel/etcd';
import type { ClusterView } from './clusterView.ts';
import { LeadershipLost } from './commandLog.ts';
import { EtcdLog } from './etcdLog.ts';
import { numberedKey } from './keys.ts';
import type { Lease } from './lease.ts';
import { TERMS_KEPT, TRIM_EVERY_MS, TRIM_WHILE_FULL_EVERY_MS } from './limits.ts';
import type { NodeOptions } from './nodeOptions.ts';
import { Sequencer } from './sequencer.ts';
import { trimLog } from './trimLog.ts';

export interface TermOptions {
  readonly node: NodeOptions;
  readonly view: ClusterView;
  readonly epoch: number;
  readonly lease: Lease;
  /** Why there was no leader, for people. */
  readonly reason: string;
  /** Monotonic, when the node saw that there was no leader. */
  readonly leaderGoneMs: number;
  /** A block was applied. */
  readonly onApplied: () => void;
  /** Monotonic, of the last block that the node knew of; 0 = none since its start. */
  readonly lastBlockMs: number;
  /** The term has begun to end. */
  readonly onEnding: () => void;
}

/** One leadership of this node, from the leader key to the last command that it may acknowledge. */
export class Term {
  readonly epoch: number;
  readonly sequencer: Sequencer;
  readonly lease: Lease;
  readonly #options: TermOptions;
  readonly #firstHeight: number;
  #ending: LeadershipLost | undefined;
  #trimmedMs: number;
  #compactTo = 0;
  #storeFull = false;

  /** The node has everything that is in the log. */
  constructor(options: TermOptions) {
    const { node, epoch, lease } = options;
    const { replica, time } = node;
    this.epoch = epoch;
    this.lease = lease;
    this.#options = options;
    this.#trimmedMs = time.monotonicMs();
    this.#firstHeight = replica.height + 1;
    const log = new EtcdLog({
      store: node.store,
      keys: node.keys,
      time,
      epoch,
      lease,
      height: replica.height,
      lastSequence: replica.sequence,
      lastHash: replica.journal.lastHash,
      checkpoints: replica.checkpoints,
      onCommitted: (height, firstSequence, payloads) => replica.noteCommitted(height, firstSequence, payloads),
      onFull: (full) => {
        this.#storeFull = full;
        node.onStoreFull(full);
      },
    });
    this.sequencer = new Sequencer({
      exchange: replica.exchange,
      log,
      clock: node.createClock(replica.exchange.state.timeMs),
      monotonicMs: time.monotonicMs,
      nextTurn: time.nextTurn,
      queueMax: node.queueMax,
      watch: node.watch,
      onSealed: (batch) => replica.noteSealed(batch),
      onApplied: (firstSequence) => {
        replica.noteApplied(firstSequence);
        options.onApplied();
      },
      onGroup: node.onGroup,
      onLeadershipLost: (lost) => this.end(lost),
      fail: node.fail,
    });
  }

  /** Why it ends; undefined = it goes on. */
  get ending(): LeadershipLost | undefined {
    return this.#ending;
  }

  /** Begins to end: from now on nothing is taken. */
  end(lost: LeadershipLost): void {
    if (this.#ending !== undefined) return;
    this.#ending = lost;
    this.sequencer.abandon(lost).catch(this.#options.node.fail);
    this.#options.onEnding();
  }

  /** Leads until something ends it; `look` is called a few times a second. Resolves when nothing more can be applied. */
  async run(look: () => Promise<void>): Promise<void> {
    const { node, leaderGoneMs, lastBlockMs, reason } = this.#options;
    if (this.#ending === undefined && this.lease.trusted) {
      node.onLead(this.sequencer, this.epoch);
      const nowMs = node.time.monotonicMs();
      const takeOverMs = Math.max(0, Math.round(nowMs - leaderGoneMs));
      const silentMs = lastBlockMs === 0 ? 0 : Math.round(nowMs - lastBlockMs);
      const { epoch } = this;
      const firstHeight = this.#firstHeight;
      node.say('info', 'this node leads', { epoch, firstHeight, takeOverMs, silentMs, reason });
      this.#note(takeOverMs, silentMs).catch(node.fail);
      const ended = await this.#untilEnded(look);
      node.onStepDown(ended.message);
      node.say('warn', 'this node leads no more', { epoch: this.epoch, reason: ended.message });
    }
    await this.sequencer.abandon(this.#ending ?? new LeadershipLost('the lease ended before the node could lead'));
  }

  async #untilEnded(look: () => Promise<void>): Promise<LeadershipLost> {
    for (;;) {
      if (this.#ending !== undefined) return this.#ending;
      await this.#turn(look);
    }
  }

  async #turn(look: () => Promise<void>): Promise<void> {
    if (!this.lease.trusted) return this.end(new LeadershipLost('the lease has ended'));
    const { time, trim } = this.#options.node;
    const trimEveryMs = this.#storeFull ? TRIM_WHILE_FULL_EVERY_MS : (trim?.everyMs ?? TRIM_EVERY_MS);
    if (time.monotonicMs() - this.#trimmedMs >= trimEveryMs) await this.#trim();
    await look();
  }

  async #trim(): Promise<void> {
    const { store, keys, replica, members, say, time, trim } = this.#options.node;
    this.#trimmedMs = time.monotonicMs();
    try {
      const { nodes } = this.#options.view;
      const kept = trim === undefined ? {} : { blocksKept: trim.blocksKept };
      const trimmed = await trimLog({
        store,
        keys,
        epoch: this.epoch,
        height: replica.height,
        members,
        nodes,
        ...kept,
      });
      // What the trim before this one left behind: a watch may be some seconds late.
      if (this.#compactTo > 0) await store.compact(this.#compactTo);
      this.#compactTo = trimmed.revision;
      if (trimmed.blocks > 0) say('info', 'trimmed the log', { blocks: trimmed.blocks });
    } catch (fault) {
      if (!(fault instanceof StoreFault)) throw fault;
      say('warn', 'the log could not be trimmed; trying again in some seconds', { reason: fault.message });
    }
  }

  /** For people; nothing depends on it, so a store that does not answer is not asked again. */
  async #note(takeOverMs: number, silentMs: number): Promise<void> {
    const { node, reason } = this.#options;
    const { store, keys, time, nodeId } = node;
    const { epoch } = this;
    const term = {
      epoch,
      nodeId,
      sinceMs: time.wallMs(),
      reason,
      firstHeight: this.#firstHeight,
      takeOverMs,
      silentMs,
    };
    try {
      const { entries } = await store.range(keys.terms.start, keys.terms.end, 2 * TERMS_KEPT);
      const old = entries.slice(0, Math.max(0, entries.length + 1 - TERMS_KEPT));
      const deletions = old.map(({ key }): Operation => ({ kind: 'delete', key }));
      const key = numberedKey(keys.terms, epoch);
      await store.transact([], [{ kind: 'put', key, value: encodeTerm(term) }, ...deletions]);
    } catch (fault) {
      if (!(fault instanceof StoreFault)) throw fault;
    }
  }
}
