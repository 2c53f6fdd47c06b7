import {
  CodecError,
  decodeHandOver,
  decodeLeader,
  decodeNodeReport,
  decodePause,
  type HandOverRecord,
  type LeaderRecord,
  type NodeReport,
  type PauseRecord,
} from '@keel/codec';
import type { KeyValue, WatchEvent } from '@keel/etcd';
import { type ClusterKeys, isWithin } from './keys.ts';

/** A leader and the epoch of its leadership. */
export interface KnownLeader extends LeaderRecord {
  readonly epoch: number;
}

/** What the store says besides the log, as far as this node has heard. */
export class ClusterView {
  readonly #keys: ClusterKeys;
  readonly #onUnreadable: (nodeId: string, fault: CodecError) => void;
  readonly #nodes = new Map<string, NodeReport>();
  #leader: KnownLeader | undefined;
  #handOver: HandOverRecord | undefined;
  #pause: PauseRecord | undefined;

  /** `onUnreadable` hears of a node whose report this version cannot read; it is taken for one that does not report. */
  constructor(keys: ClusterKeys, onUnreadable: (nodeId: string, fault: CodecError) => void) {
    this.#keys = keys;
    this.#onUnreadable = onUnreadable;
  }

  get leader(): KnownLeader | undefined {
    return this.#leader;
  }

  get handOver(): HandOverRecord | undefined {
    return this.#handOver;
  }

  get pause(): PauseRecord | undefined {
    return this.#pause;
  }

  /** The reports whose leases stand, by node id. */
  get nodes(): readonly NodeReport[] {
    return [...this.#nodes.values()].sort((one, other) => (one.nodeId < other.nodeId ? -1 : 1));
  }

  /** This node has become leader; the watch will say so too, after all that it still has to tell of leaders before. */
  lead(leader: KnownLeader): void {
    this.#leader = leader;
    this.#handOver = undefined;
  }

  /** Begins anew with everything that is there. */
  replace(entries: readonly KeyValue[]): void {
    this.#nodes.clear();
    this.#leader = undefined;
    this.#handOver = undefined;
    this.#pause = undefined;
    for (const entry of entries) this.take({ kind: 'put', entry });
  }

  /** One change, in order. A key of the log or of another kind changes nothing here. */
  take({ kind, entry }: WatchEvent): void {
    const { key, value } = entry;
    const put = kind === 'put';
    if (key === this.#keys.leader) this.#takeLeader(entry, put);
    else if (key === this.#keys.handOver) this.#handOver = put ? decodeHandOver(value) : undefined;
    else if (key === this.#keys.pause) this.#pause = put ? decodePause(value) : undefined;
    else if (isWithin(this.#keys.nodes, key)) this.#takeNode(key.slice(this.#keys.nodes.start.length), put, value);
  }

  /** What is older than the leader that is known is about those before it. */
  #takeLeader({ value, createRevision, modRevision }: KeyValue, put: boolean): void {
    if (modRevision < (this.#leader?.epoch ?? 0)) return;
    this.#leader = put ? { ...decodeLeader(value), epoch: createRevision } : undefined;
  }

  /** One bad report, of another version perhaps, must not end every node of the cluster. */
  #takeNode(nodeId: string, put: boolean, value: Uint8Array): void {
    this.#nodes.delete(nodeId);
    if (!put) return;
    try {
      this.#nodes.set(nodeId, decodeNodeReport(value));
    } catch (fault) {
      if (!(fault instanceof CodecError)) throw fault;
      this.#onUnreadable(nodeId, fault);
    }
  }
}
