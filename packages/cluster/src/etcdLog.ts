import { encodeLogBlock } from '@keel/codec';
import { type Store, StoreFull, StoreOutcomeUnknown, StoreUnavailable } from '@keel/etcd';
import { recordHashOf } from '@keel/journal';
import { assert } from '@keel/types';
import type { Checkpoints } from './checkpoints.ts';
import { type CommandLog, LeadershipLost } from './commandLog.ts';
import { type ClusterKeys, numberedKey } from './keys.ts';
import type { Lease } from './lease.ts';
import { BLOCK_BYTES_MAX, STORE_FULL_RETRY_MS, STORE_RETRY_MS } from './limits.ts';
import { pause } from './pause.ts';
import type { Time } from './time.ts';

export interface EtcdLogOptions {
  readonly store: Store;
  readonly keys: ClusterKeys;
  readonly time: Time;
  readonly epoch: number;
  readonly lease: Lease;
  /** Of the last block that this node has applied; the log ends there. */
  readonly height: number;
  readonly lastSequence: number;
  readonly lastHash: Uint8Array;
  readonly checkpoints: Checkpoints;
  /** A block is in the log for good and may be applied; its records go to the node's own journal. */
  readonly onCommitted: (height: number, firstSequence: number, payloads: readonly Uint8Array[]) => void;
  /** The store is full, or takes puts again. */
  readonly onFull: (full: boolean) => void;
}

/**
 * The log of a cluster as its leader writes it: one transaction a group, which the store does only while this node's
 * leader key stands and the height is free. Whatever another leader does, two groups never get one height.
 */
export class EtcdLog implements CommandLog {
  readonly #options: EtcdLogOptions;
  #height: number;
  #lastSequence: number;
  #lastHash: Uint8Array;
  /** Of the group that is being made. */
  #payloads: Uint8Array[] = [];
  #bytes = 0;
  #groupPreviousHash: Uint8Array;
  #full = false;

  constructor(options: EtcdLogOptions) {
    this.#options = options;
    this.#height = options.height;
    this.#lastSequence = options.lastSequence;
    this.#lastHash = options.lastHash;
    this.#groupPreviousHash = options.lastHash;
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  append(sequence: number, payload: Uint8Array): Uint8Array {
    assert(sequence === this.#lastSequence + 1, `append of ${sequence} after ${this.#lastSequence}`);
    if (this.#payloads.length === 0) this.#groupPreviousHash = this.#lastHash;
    this.#payloads.push(payload);
    this.#bytes += payload.length;
    this.#lastSequence = sequence;
    this.#lastHash = recordHashOf(this.#lastHash, sequence, payload);
    return this.#lastHash;
  }

  hasRoom(payloadBytes: number): boolean {
    return this.#payloads.length === 0 || this.#bytes + payloadBytes <= BLOCK_BYTES_MAX;
  }

  mayAcknowledge(): boolean {
    return this.#options.lease.trusted;
  }

  async commit(): Promise<void> {
    if (this.#payloads.length === 0) return;
    const payloads = this.#payloads;
    const firstSequence = this.#lastSequence - payloads.length + 1;
    const height = this.#height + 1;
    const block = {
      height,
      epoch: this.#options.epoch,
      previousHash: this.#groupPreviousHash,
      firstSequence,
      payloads,
      checkpoint: this.#options.checkpoints.takeUntold(),
    };
    await this.#put(numberedKey(this.#options.keys.log, height), encodeLogBlock(block));
    this.#height = height;
    this.#payloads = [];
    this.#bytes = 0;
    this.#options.onCommitted(height, firstSequence, payloads);
  }

  /** Resolves when these very bytes are in the log. */
  async #put(key: string, value: Uint8Array): Promise<void> {
    const { store, keys, epoch, time, lease } = this.#options;
    const conditions = [
      { key: keys.leader, createRevision: epoch },
      { key, createRevision: 0 },
    ];
    while (lease.trusted) {
      try {
        const { succeeded } = await store.transact(conditions, [{ kind: 'put', key, value }]);
        this.#noteFull(false);
        // An attempt before this one may have come through although its answer was lost.
        if (succeeded || (await this.#holds(key, value))) return;
        throw new LeadershipLost('another node leads');
      } catch (fault) {
        if (fault instanceof StoreFull) this.#noteFull(true);
        else if (!(fault instanceof StoreUnavailable || fault instanceof StoreOutcomeUnknown)) throw fault;
        await pause(time, fault instanceof StoreFull ? STORE_FULL_RETRY_MS : STORE_RETRY_MS);
      }
    }
    throw new LeadershipLost('the store could not be reached for as long as the lease can be trusted');
  }

  /** Whether the log has exactly these bytes at the key. */
  async #holds(key: string, value: Uint8Array): Promise<boolean> {
    const kept = await this.#options.store.get(key);
    return kept !== undefined && Buffer.compare(kept.value, value) === 0;
  }

  #noteFull(full: boolean): void {
    if (this.#full === full) return;
    this.#full = full;
    this.#options.onFull(full);
  }
}
