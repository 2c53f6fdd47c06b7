import { create } from '@bufbuild/protobuf';
import { KV, Lease, LeaseKeepAliveRequestSchema } from '@keel/proto/etcd/rpc';
import type { CallOptions, EtcdConnection } from './connection.ts';
import { encodeText, readEntry } from './entries.ts';
import { EtcdClient, type EtcdClientSettings, LeaseGone } from './etcdClient.ts';
import { EtcdUpkeep } from './etcdUpkeep.ts';
import {
  type Condition,
  type KeyValue,
  type Operation,
  type RangeResult,
  type Store,
  StoreCompacted,
  StoreUnavailable,
  type TransactionResult,
  type WatchListener,
} from './store.ts';
import { writeTransaction } from './transaction.ts';
import { watch } from './watch.ts';

/** The store as etcd has it. Connects when it is first asked. */
export class EtcdStore implements Store {
  readonly upkeep: EtcdUpkeep;
  readonly #client: EtcdClient;

  constructor(settings: EtcdClientSettings) {
    this.#client = new EtcdClient(settings);
    this.upkeep = new EtcdUpkeep(this.#client);
  }

  /** A lease that is gone rejects with StoreUnavailable: nothing was done, and `keepAlive` says that it is gone. */
  async transact(conditions: readonly Condition[], operations: readonly Operation[]): Promise<TransactionResult> {
    const request = writeTransaction(conditions, operations);
    try {
      const { succeeded, header } = await this.#client.call('transaction', 'once', (connection, options) =>
        connection.unary(KV.method.txn, request, options),
      );
      return { succeeded, revision: Number(header?.revision ?? 0n) };
    } catch (fault) {
      if (fault instanceof LeaseGone) throw new StoreUnavailable('transaction: the lease of a key to put is gone');
      throw fault;
    }
  }

  async range(key: string, end: string, limit: number): Promise<RangeResult> {
    const request = { key: encodeText(key), rangeEnd: encodeText(end), limit: BigInt(limit) };
    const answer = await this.#client.call('range', 'read', (connection, options) =>
      connection.unary(KV.method.range, request, options),
    );
    return {
      entries: answer.kvs.map(readEntry),
      more: answer.more,
      revision: Number(answer.header?.revision ?? 0n),
    };
  }

  async get(key: string): Promise<KeyValue | undefined> {
    const request = { key: encodeText(key) };
    const { kvs } = await this.#client.call('get', 'read', (connection, options) =>
      connection.unary(KV.method.range, request, options),
    );
    const entry = kvs[0];
    return entry === undefined ? undefined : readEntry(entry);
  }

  watch(key: string, end: string, fromRevision: number, listener: WatchListener): () => void {
    return watch(this.#client, { key, end, fromRevision }, listener);
  }

  async grantLease(seconds: number): Promise<{ readonly leaseId: bigint; readonly seconds: number }> {
    const answer = await this.#client.call('lease', 'once', (connection, options) =>
      connection.unary(Lease.method.leaseGrant, { ttl: BigInt(seconds) }, options),
    );
    return { leaseId: answer.id, seconds: Number(answer.ttl) };
  }

  async keepAlive(leaseId: bigint): Promise<boolean> {
    try {
      return await this.#client.call('keep-alive', 'repeatable', (connection, options) =>
        keepAliveOnce(connection, options, leaseId),
      );
    } catch (fault) {
      if (fault instanceof LeaseGone) return false;
      throw fault;
    }
  }

  async revokeLease(leaseId: bigint): Promise<void> {
    try {
      await this.#client.call('end of lease', 'repeatable', (connection, options) =>
        connection.unary(Lease.method.leaseRevoke, { id: leaseId }, options),
      );
    } catch (fault) {
      if (!(fault instanceof LeaseGone)) throw fault;
    }
  }

  /** What is forgotten already is no fault. */
  async compact(revision: number): Promise<void> {
    try {
      await this.#client.call('compaction', 'repeatable', (connection, options) =>
        connection.unary(KV.method.compact, { revision: BigInt(revision) }, options),
      );
    } catch (fault) {
      if (!(fault instanceof StoreCompacted)) throw fault;
    }
  }

  /** Closes every connection; calls under way reject, watches end. */
  close(): void {
    this.#client.close();
  }
}

/** etcd has keep-alives on a stream only; one request and one answer on a stream of their own cost a millisecond. */
function keepAliveOnce(connection: EtcdConnection, options: CallOptions, leaseId: bigint): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stream = connection.stream(Lease.method.leaseKeepAlive, options);
    stream.on('data', ({ ttl }) => {
      resolve(ttl > 0n);
      stream.cancel();
    });
    // After the answer it comes of our own cancelling and settles nothing.
    stream.on('error', reject);
    stream.on('end', () => reject(new Error('the member ended the stream without an answer')));
    stream.write(create(LeaseKeepAliveRequestSchema, { id: leaseId }));
  });
}
