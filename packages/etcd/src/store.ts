/** One key as the store has it. */
export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
  /** Revision of the transaction that made the key; another one after the key was deleted and made again. */
  readonly createRevision: number;
  readonly modRevision: number;
  /** 0n = bound to no lease. */
  readonly leaseId: bigint;
}

/** Holds when the key has exactly this revision; `createRevision` 0 holds when there is no such key. */
export type Condition =
  | { readonly key: string; readonly createRevision: number }
  | { readonly key: string; readonly modRevision: number };

export type Operation =
  | { readonly kind: 'put'; readonly key: string; readonly value: Uint8Array; readonly leaseId?: bigint }
  /** `end` = first key that is not deleted; without it one key. */
  | { readonly kind: 'delete'; readonly key: string; readonly end?: string };

export interface TransactionResult {
  /** All conditions held, so all operations were done. */
  readonly succeeded: boolean;
  /** Of the store after it; of the operations themselves when it succeeded. */
  readonly revision: number;
}

export interface RangeResult {
  /** Ascending by key. */
  readonly entries: readonly KeyValue[];
  /** There are more than `limit`. */
  readonly more: boolean;
  /** Of the store when it answered. */
  readonly revision: number;
}

export interface WatchEvent {
  readonly kind: 'put' | 'delete';
  /** With 'delete' the value is empty and both revisions are the deletion's. */
  readonly entry: KeyValue;
}

export interface WatchListener {
  /** Everything that one revision did, or several revisions in order; `revision` is the last one's. */
  readonly onEvents: (events: readonly WatchEvent[], revision: number) => void;
  /**
   * The watch has ended and tells nothing any more; called once, never after `close`. `StoreCompacted`: events before
   * now are gone, read the range again. Anything else: watch again from the next revision.
   */
  readonly onEnd: (fault: StoreFault) => void;
}

/**
 * A linearizable key-value store with leases, which is what etcd is. Keys are text, ranges end before `end`. Every call
 * has a time limit of the store's own and rejects with a `StoreFault`.
 */
export interface Store {
  /** Does all operations at once if all conditions hold. */
  transact(conditions: readonly Condition[], operations: readonly Operation[]): Promise<TransactionResult>;
  /** Linearizable: it sees every transaction that was done before the call. At most `limit` entries. */
  range(key: string, end: string, limit: number): Promise<RangeResult>;
  /** Undefined = no such key. Linearizable. */
  get(key: string): Promise<KeyValue | undefined>;
  /** Events of [key, end) from a revision on. Returns the way to close it. */
  watch(key: string, end: string, fromRevision: number, listener: WatchListener): () => void;
  /** Whole seconds; the store may grant more than asked. */
  grantLease(seconds: number): Promise<{ readonly leaseId: bigint; readonly seconds: number }>;
  /** Begins the lease's time anew. False = the lease is gone, and every key bound to it. */
  keepAlive(leaseId: bigint): Promise<boolean>;
  /** Ends the lease and deletes every key bound to it. One that is gone already is no fault. */
  revokeLease(leaseId: bigint): Promise<void>;
  /** Forgets what was before a revision; a watch that still needs it ends with `StoreCompacted`. */
  compact(revision: number): Promise<void>;
}

/** What went wrong, and what is known of the call's outcome. */
export class StoreFault extends Error {
  override readonly name: string = 'StoreFault';
}

/** It was certainly not done: nobody could be reached, or the store said no before it did anything. Try again. */
export class StoreUnavailable extends StoreFault {
  override readonly name = 'StoreUnavailable';
}

/** It may have been done: the connection or the time limit ended before the answer. */
export class StoreOutcomeUnknown extends StoreFault {
  override readonly name = 'StoreOutcomeUnknown';
}

/** The store is full and takes no puts until it was trimmed (etcd's NOSPACE alarm). It was not done. */
export class StoreFull extends StoreFault {
  override readonly name = 'StoreFull';
}

/** The revision asked for is forgotten. */
export class StoreCompacted extends StoreFault {
  override readonly name = 'StoreCompacted';
}

/** Trying again is of no use: wrong password or certificate, no permission, a request that is too large. */
export class StoreRefused extends StoreFault {
  override readonly name = 'StoreRefused';
}
