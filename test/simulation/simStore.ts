import {
  type Condition,
  type KeyValue,
  type Operation,
  type RangeResult,
  type Store,
  StoreCompacted,
  type StoreFault,
  StoreFull,
  StoreOutcomeUnknown,
  StoreRefused,
  StoreUnavailable,
  type TransactionResult,
  type WatchEvent,
  type WatchListener,
} from '@keel/etcd';
import type { Chance } from './chance.ts';
import type { Link } from './link.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** As etcd: expired leases are looked for so often. */
const LEASES_EVERY_MS = 500;
/** The client's own time limit of a call. */
const CALL_LIMIT_MS = 1_000;
/** A watch whose connection is silent for so long is broken; a shorter silence is a delay. */
const WATCH_SILENCE_MS = 2_000;
const WATCH_LOOK_MS = 50;
/** Of each key beside its bytes, as etcd's database roughly has it. */
const KEY_OVERHEAD_BYTES = 100;
const NO_VALUE = new Uint8Array(0);

interface Lease {
  readonly leaseId: bigint;
  readonly ttlMs: number;
  expiresMs: number;
  readonly keys: Set<string>;
}

interface Change {
  readonly revision: number;
  readonly events: readonly WatchEvent[];
  readonly bytes: number;
}

interface Watch {
  readonly process: Process;
  readonly link: Link;
  readonly key: string;
  readonly end: string;
  readonly listener: WatchListener;
  queue: Change[];
  silentSinceMs: number | undefined;
  pumping: boolean;
  closed: boolean;
}

/** What the store does wrong, besides what the links to it do. */
export interface StoreMood {
  /** False = most of its members are away: nothing is done and no lease ends. */
  quorum: boolean;
  /** A fault window of the operator's making; see `quotaBytes` for the store's own. */
  full: boolean;
  quotaBytes: number;
  /** Probability that a delivery ends the watch instead. */
  watchBreaks: number;
}

/** Wrongs that a store like etcd does not do, for the proof that the checker can fail. */
export interface StoreLies {
  /** Probability that a transaction is answered as done and is not. */
  forgets: number;
  /** Appends are done whoever leads. */
  leaderConditionHolds: boolean;
  /** Conditions that a key is absent always hold: what was there is replaced. */
  overwrites: boolean;
}

/** A linearizable store with leases on its own clock: what etcd is, and does when it, or the way to it, is ill. */
export class SimStore {
  readonly mood: StoreMood = { quorum: true, full: false, quotaBytes: Number.POSITIVE_INFINITY, watchBreaks: 0 };
  readonly lies: StoreLies = { forgets: 0, leaderConditionHolds: false, overwrites: false };
  /** Called for every transaction that was done; the checker's own sight of the log. */
  onChange: (revision: number, events: readonly WatchEvent[]) => void = () => undefined;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #entries = new Map<string, KeyValue>();
  #sorted: string[] = [];
  readonly #leases = new Map<bigint, Lease>();
  readonly #watches = new Set<Watch>();
  #history: Change[] = [];
  #historyBytes = 0;
  #liveBytes = 0;
  #largestBytes = 0;
  #revision = 1;
  #compactedRevision = 0;
  #lastLease = 0n;
  #waitingForQuorum: (() => void)[] = [];

  constructor(scheduler: Scheduler, chance: Chance) {
    this.#scheduler = scheduler;
    this.#chance = chance;
    this.#lookAtLeases();
  }

  /** Bytes of what is there and of what is not compacted yet. */
  get bytes(): number {
    return this.#liveBytes + this.#historyBytes;
  }

  get largestBytes(): number {
    return this.#largestBytes;
  }

  get revision(): number {
    return this.#revision;
  }

  /** What is there, for the checker: in no time and without a network. */
  peek(key: string, end: string): readonly KeyValue[] {
    return this.#range(key, end);
  }

  /** Most members are away. */
  loseQuorum(): void {
    this.mood.quorum = false;
  }

  /** Its members elect a leader: what waited may be done now, and every lease has its whole time again. */
  gainQuorum(): void {
    this.mood.quorum = true;
    this.changeLeader();
    const waiting = this.#waitingForQuorum.splice(0);
    // What a deposed leader had in its hands is lost or done, nobody knows which.
    for (const perform of waiting) if (this.#chance.happens(0.5)) perform();
  }

  /** Another member leads. */
  changeLeader(): void {
    for (const lease of this.#leases.values()) lease.expiresMs = this.#scheduler.nowMs + lease.ttlMs;
  }

  /** An operator compacts everything up to now. */
  compactNow(): void {
    if (this.#revision > this.#compactedRevision) this.#compact(this.#revision);
  }

  /** The store as one run of a node's program has it, over the node's link. */
  of(process: Process, link: Link): Store {
    const write = <Result>(perform: () => Result) => this.#call(process, link, true, perform);
    const read = <Result>(perform: () => Result) => this.#call(process, link, false, perform);
    return {
      transact: (conditions, operations) => write(() => this.#transact(conditions, operations)),
      range: (key, end, limit) =>
        read((): RangeResult => {
          const all = this.#range(key, end);
          return { entries: all.slice(0, limit), more: all.length > limit, revision: this.#revision };
        }),
      get: (key) => read(() => this.#entries.get(key)),
      watch: (key, end, fromRevision, listener) => this.#watch(process, link, key, end, fromRevision, listener),
      grantLease: (seconds) =>
        write(() => {
          this.#lastLease += 1n;
          const ttlMs = seconds * 1_000;
          const expiresMs = this.#scheduler.nowMs + ttlMs;
          this.#leases.set(this.#lastLease, { leaseId: this.#lastLease, ttlMs, expiresMs, keys: new Set() });
          return { leaseId: this.#lastLease, seconds };
        }),
      keepAlive: (leaseId) =>
        // Not through the store's own log: its outcome is never in doubt for long.
        read(() => {
          const lease = this.#leases.get(leaseId);
          if (lease !== undefined) lease.expiresMs = this.#scheduler.nowMs + lease.ttlMs;
          return lease !== undefined;
        }),
      revokeLease: (leaseId) => write(() => this.#revoke(leaseId)),
      compact: (revision) => write(() => this.#compact(revision)),
    };
  }

  /** One call over the link: may be refused, lost on the way there, done late, or lost on the way back. */
  #call<Result>(process: Process, link: Link, writes: boolean, perform: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      // A process that has just ended itself sends nothing.
      if (!process.alive) return;
      const scheduler = this.#scheduler;
      const deadlineMs = scheduler.nowMs + CALL_LIMIT_MS;
      const fail = (ms: number, fault: StoreFault): void => {
        scheduler.after(ms, process, () => reject(fault));
      };
      const failAtDeadline = (): void => {
        const text = 'the store did not answer in time';
        fail(deadlineMs - scheduler.nowMs, writes ? new StoreOutcomeUnknown(text) : new StoreUnavailable(text));
      };
      if (link.cut && this.#chance.happens(0.5)) {
        fail(this.#chance.within(0.5, 30), new StoreUnavailable('the connection was refused'));
        return;
      }
      const way = link.send();
      if (way === undefined || way > CALL_LIMIT_MS) {
        failAtDeadline();
        // Nobody waits for it any more, and it may still be done: a write that comes late.
        if (way !== undefined && writes) scheduler.worldAfter(way, () => this.mood.quorum && silently(perform));
        return;
      }
      const arrive = (): void => {
        let settle: () => void;
        try {
          const result = perform();
          settle = () => resolve(result);
        } catch (fault) {
          settle = () => reject(fault);
        }
        const back = link.receive();
        if (back === undefined || scheduler.nowMs + back > deadlineMs) failAtDeadline();
        else scheduler.after(back, process, settle);
      };
      scheduler.worldAfter(way, () => {
        if (this.mood.quorum) arrive();
        else {
          failAtDeadline();
          if (writes) this.#waitingForQuorum.push(() => silently(perform));
        }
      });
    });
  }

  #transact(conditions: readonly Condition[], operations: readonly Operation[]): TransactionResult {
    if (operations.some(({ kind }) => kind === 'put')) {
      if (this.mood.full || this.bytes > this.mood.quotaBytes) throw new StoreFull('the store is full');
    }
    const succeeded = conditions.every((condition) => this.#holds(condition));
    if (!succeeded) return { succeeded, revision: this.#revision };
    if (this.#chance.happens(this.lies.forgets)) return { succeeded, revision: this.#revision };
    for (const operation of operations) {
      if (operation.kind !== 'put' || operation.leaseId === undefined || operation.leaseId === 0n) continue;
      if (!this.#leases.has(operation.leaseId)) throw new StoreRefused('the lease is gone');
    }
    const revision = this.#revision + 1;
    const events = operations.flatMap((operation) => this.#operate(operation, revision));
    this.#publish(revision, events);
    return { succeeded, revision: this.#revision };
  }

  #holds(condition: Condition): boolean {
    const entry = this.#entries.get(condition.key);
    if ('createRevision' in condition) {
      if (this.lies.leaderConditionHolds && condition.key.endsWith('/leader') && condition.createRevision > 0)
        return true;
      if (this.lies.overwrites && condition.createRevision === 0) return true;
      return (entry?.createRevision ?? 0) === condition.createRevision;
    }
    return (entry?.modRevision ?? 0) === condition.modRevision;
  }

  #operate(operation: Operation, revision: number): WatchEvent[] {
    if (operation.kind === 'delete') {
      const { key, end } = operation;
      const keys = end === undefined ? [key] : this.#range(key, end).map((entry) => entry.key);
      return keys.flatMap((each) => this.#delete(each, revision));
    }
    const { key, value, leaseId = 0n } = operation;
    const before = this.#entries.get(key);
    if (before === undefined) this.#sorted.splice(this.#place(key), 0, key);
    else {
      this.#liveBytes -= sizeOf(before);
      this.#historyBytes += sizeOf(before);
      this.#leases.get(before.leaseId)?.keys.delete(key);
    }
    const entry = { key, value, createRevision: before?.createRevision ?? revision, modRevision: revision, leaseId };
    this.#entries.set(key, entry);
    this.#liveBytes += sizeOf(entry);
    this.#leases.get(leaseId)?.keys.add(key);
    return [{ kind: 'put', entry }];
  }

  #delete(key: string, revision: number): WatchEvent[] {
    const entry = this.#entries.get(key);
    if (entry === undefined) return [];
    this.#entries.delete(key);
    this.#sorted.splice(this.#place(key), 1);
    this.#liveBytes -= sizeOf(entry);
    this.#leases.get(entry.leaseId)?.keys.delete(key);
    const gone = { key, value: NO_VALUE, createRevision: revision, modRevision: revision, leaseId: 0n };
    // What was deleted takes room until it is compacted.
    this.#historyBytes += sizeOf(entry);
    return [{ kind: 'delete', entry: gone }];
  }

  #publish(revision: number, events: readonly WatchEvent[]): void {
    if (events.length === 0) return;
    this.#revision = revision;
    const bytes = events.reduce((sum, { entry }) => sum + sizeOf(entry), 0);
    const change = { revision, events, bytes };
    this.#history.push(change);
    this.#largestBytes = Math.max(this.#largestBytes, this.bytes);
    this.onChange(revision, events);
    for (const watch of this.#watches) this.#queue(watch, change);
  }

  /** Ascending by key. */
  #range(key: string, end: string): KeyValue[] {
    const found: KeyValue[] = [];
    for (let place = this.#place(key); place < this.#sorted.length; place += 1) {
      const each = this.#sorted[place] as string;
      if (each >= end) break;
      found.push(this.#entries.get(each) as KeyValue);
    }
    return found;
  }

  /** Where a key stands or would. */
  #place(key: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #revoke(leaseId: bigint): void {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined) return;
    this.#leases.delete(leaseId);
    const revision = this.#revision + 1;
    this.#publish(
      revision,
      [...lease.keys].flatMap((key) => this.#delete(key, revision)),
    );
  }

  #compact(revision: number): void {
    if (revision <= this.#compactedRevision) throw new StoreCompacted(`compacted up to ${this.#compactedRevision}`);
    if (revision > this.#revision) throw new StoreRefused(`revision ${revision} is not there yet`);
    this.#compactedRevision = revision;
    this.#history = this.#history.filter((change) => change.revision > revision);
    // Nearly all of it was before; what was deleted since is small.
    this.#historyBytes = 0;
  }

  #lookAtLeases(): void {
    this.#scheduler.worldAfter(LEASES_EVERY_MS, () => {
      const { nowMs } = this.#scheduler;
      if (this.mood.quorum) {
        for (const { leaseId, expiresMs } of [...this.#leases.values()]) if (expiresMs <= nowMs) this.#revoke(leaseId);
      }
      this.#lookAtLeases();
    });
  }

  #watch(
    process: Process,
    link: Link,
    key: string,
    end: string,
    fromRevision: number,
    listener: WatchListener,
  ): () => void {
    const begun = { queue: [], silentSinceMs: undefined, pumping: false, closed: false };
    const watch: Watch = { process, link, key, end, listener, ...begun };
    const begin = (): void => {
      if (watch.closed || !process.alive) return;
      if (fromRevision <= this.#compactedRevision) {
        this.#end(watch, new StoreCompacted(`compacted up to ${this.#compactedRevision}`));
        return;
      }
      this.#watches.add(watch);
      for (const change of this.#history) if (change.revision >= fromRevision) this.#queue(watch, change);
    };
    const way = link.cut ? undefined : link.send();
    if (way === undefined) {
      this.#scheduler.after(CALL_LIMIT_MS, process, () => this.#end(watch, new StoreUnavailable('no answer')));
    } else this.#scheduler.worldAfter(way, begin);
    return () => {
      watch.closed = true;
      this.#watches.delete(watch);
    };
  }

  #queue(watch: Watch, change: Change): void {
    if (!watch.process.alive) this.#watches.delete(watch);
    if (!change.events.some(({ entry }) => isWatched(watch, entry.key))) return;
    watch.queue.push(change);
    if (!watch.pumping) this.#pump(watch, this.#chance.within(0.1, 2));
  }

  /** Delivers what waits, all at once and in order, when the link lets it through. */
  #pump(watch: Watch, ms: number): void {
    watch.pumping = true;
    this.#scheduler.after(ms, watch.process, () => {
      watch.pumping = false;
      if (watch.closed || watch.queue.length === 0) return;
      const { nowMs } = this.#scheduler;
      const way = watch.link.cut ? undefined : watch.link.receive();
      if (way === undefined) {
        watch.silentSinceMs ??= nowMs;
        if (nowMs - watch.silentSinceMs > WATCH_SILENCE_MS) this.#end(watch, new StoreUnavailable('the watch broke'));
        else this.#pump(watch, WATCH_LOOK_MS);
        return;
      }
      watch.silentSinceMs = undefined;
      if (this.#chance.happens(this.mood.watchBreaks)) {
        this.#end(watch, new StoreUnavailable('the watch broke'));
        return;
      }
      const changes = watch.queue;
      watch.queue = [];
      const events = changes.flatMap((change) => change.events.filter(({ entry }) => isWatched(watch, entry.key)));
      watch.listener.onEvents(events, (changes.at(-1) as Change).revision);
    });
  }

  #end(watch: Watch, fault: StoreFault): void {
    if (watch.closed) return;
    watch.closed = true;
    this.#watches.delete(watch);
    this.#scheduler.after(0.01, watch.process, () => watch.listener.onEnd(fault));
  }
}

function isWatched({ key, end }: Watch, each: string): boolean {
  return each >= key && each < end;
}

function sizeOf({ key, value }: KeyValue): number {
  return key.length + value.length + KEY_OVERHEAD_BYTES;
}

/** Done for nobody who waits. */
function silently(perform: () => unknown): void {
  try {
    perform();
  } catch {
    // Its caller has long been told that nothing is known.
  }
}
