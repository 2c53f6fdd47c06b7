import { decodeLogBlock } from '@keel/codec';
import type { StoreFault, WatchEvent } from '@keel/etcd';
import type { ReceivedRecord } from '@keel/journal';
import type { ClusterView } from './clusterView.ts';
import { isWithin } from './keys.ts';
import { FETCH_FLUSH_RECORDS, VIEW_KEYS_MAX } from './limits.ts';
import { LogBeginsLater, LogDiffers } from './localReplica.ts';
import type { NodeOptions } from './nodeOptions.ts';
import { readLog } from './readLog.ts';

export interface FollowerOptions {
  readonly node: NodeOptions;
  readonly view: ClusterView;
  /** Whether blocks that the watch tells may be applied: this node follows, and has not halted. */
  readonly mayApply: () => boolean;
  readonly onViewChanged: () => void;
  readonly onBlock: () => void;
  /** The watch has ended, or what it tells cannot be used; `follow` or `watchView` is due. */
  readonly onUnwatched: () => void;
  /** Something in what the watch told cannot be gone on from. */
  readonly onFault: (fault: unknown) => void;
}

/** How a node hears what is in the store: it reads the view and the log, and watches both from there. */
export class Follower {
  readonly #options: FollowerOptions;
  #closeWatch: (() => void) | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** The watch stands, as far as is known. */
  get watching(): boolean {
    return this.#closeWatch !== undefined;
  }

  /** Reads what the store has from this node's height on, and watches from there. Rejects with StoreFault, LogDiffers. */
  async follow(): Promise<void> {
    const { replica, baseSequence } = this.#options.node;
    const revision = await this.#readView();
    await this.readLog();
    replica.assertNothingBeyondLog(baseSequence);
    // From the view on: a block that was read meanwhile is told again, which changes nothing.
    this.#watchFrom(revision + 1);
  }

  /** Hears who leads and who is there, and nothing of the log: for who leads, or has halted. Rejects with StoreFault. */
  async watchView(): Promise<void> {
    this.#watchFrom((await this.#readView()) + 1);
  }

  /**
   * Brings this node up to everything that was committed before the call; what the log does not hold any more comes from
   * other nodes. It reads from the last block that it has, which must be there and the same: a store that was put back to
   * an earlier state lacks it or has another.
   */
  async readLog(): Promise<void> {
    for (;;) {
      try {
        return await this.#readLogOnce();
      } catch (fault) {
        const { fetchMissing } = this.#options.node;
        if (!(fault instanceof LogBeginsLater) || fetchMissing === undefined) throw fault;
        await this.#fetch(fetchMissing);
      }
    }
  }

  close(): void {
    this.#closeWatch?.();
    this.#closeWatch = undefined;
  }

  async #readLogOnce(): Promise<void> {
    const { store, keys, replica } = this.#options.node;
    let found = replica.height === 0;
    await readLog(store, keys, Math.max(1, replica.height), (block) => {
      found = true;
      const before = replica.height;
      replica.applyBlock(block);
      if (replica.height !== before) this.#options.onBlock();
    });
    if (!found)
      throw new LogDiffers(
        `this node has applied block ${replica.height}, and the cluster's log ends before it: the store has lost ` +
          'commands; do not delete this journal',
      );
  }

  /** From other nodes' journals; whatever came before a connection broke is kept. Rejects when nobody has more. */
  async #fetch(fetchMissing: (fromSequence: number) => AsyncIterable<ReceivedRecord>): Promise<void> {
    const { replica, say } = this.#options.node;
    const from = replica.sequence;
    say('info', 'fetching what the log does not hold any more', { after: from });
    for await (const record of fetchMissing(from + 1)) {
      replica.applyFetched(record);
      // No faster than this node's disk, and not without a turn for everything else.
      if (record.sequence % FETCH_FLUSH_RECORDS === 0) await replica.journal.flush();
    }
    if (replica.sequence === from)
      throw new LogBeginsLater(`no node gave what follows command ${from}, which the log does not hold any more`);
    replica.forgetHeight();
  }

  /** Reads all that the store says besides the log; returns the revision behind which a watch goes on. */
  async #readView(): Promise<number> {
    const { node, view, onViewChanged } = this.#options;
    const { store, keys } = node;
    const before = await store.range(keys.prefix, keys.log.start, VIEW_KEYS_MAX);
    const behind = await store.range(keys.log.end, keys.end, VIEW_KEYS_MAX);
    view.replace([...before.entries, ...behind.entries]);
    onViewChanged();
    return before.revision;
  }

  #watchFrom(revision: number): void {
    const { node, onUnwatched } = this.#options;
    const { store, keys, say } = node;
    this.#closeWatch = store.watch(keys.prefix, keys.end, revision, {
      onEvents: (events) => this.#takeEvents(events),
      onEnd: (fault: StoreFault) => {
        this.#closeWatch = undefined;
        say('warn', 'the watch on the log has ended; watching again', { reason: fault.message });
        onUnwatched();
      },
    });
  }

  #takeEvents(events: readonly WatchEvent[]): void {
    try {
      for (const event of events) this.#takeEvent(event);
    } catch (fault) {
      // What is missing is read, or fetched, when this node follows again.
      if (fault instanceof LogBeginsLater) this.#unwatch();
      else this.#options.onFault(fault);
    }
  }

  #takeEvent(event: WatchEvent): void {
    const { node, view, mayApply, onViewChanged, onBlock } = this.#options;
    if (!isWithin(node.keys.log, event.entry.key)) {
      view.take(event);
      onViewChanged();
    } else if (event.kind === 'put' && mayApply()) {
      node.replica.applyBlock(decodeLogBlock(event.entry.value));
      onBlock();
    }
  }

  #unwatch(): void {
    this.close();
    this.#options.onUnwatched();
  }
}
