import type { ClusterKeys } from '@keel/cluster';
import { decodeLogBlock } from '@keel/codec';
import { type EtcdMemberStatus, type EtcdStore, type EtcdUpkeep, StoreFault } from '@keel/etcd';
import { type Logger, startPeriodicTask } from '@keel/runtime';
import type { NodeFace } from './nodeFace.ts';

const LOOK_EVERY_MS = 15_000;
/** While the store takes nothing every second of it is a second without orders. */
const LOOK_WHILE_FULL_EVERY_MS = 2_000;
/** A smaller file is not worth the pause that a defragmentation is for the member that does it. */
const DEFRAGMENT_BYTES_MIN = 64 * 1024 * 1024;

/** What the store holds, as it was looked at last. */
export interface StoreSizes {
  readonly logBlocks: number;
  /** Of the largest member. */
  readonly dbBytes: number;
}

export interface KeepOptions {
  readonly etcd: EtcdStore;
  readonly upkeep: EtcdUpkeep;
  readonly keys: ClusterKeys;
  readonly node: NodeFace;
  readonly log: Logger;
  /** LOOK_EVERY_MS unless told. */
  readonly everyMs?: number;
  /** The store takes no puts of this node. */
  readonly storeFull?: () => boolean;
  readonly fail: (fault: unknown) => void;
}

/**
 * Looks at the store now and then; the node that leads gives back what trimming has freed, one member at a time. Where
 * nobody leads because the store is full (it grants no lease then) any node does.
 */
export class StoreKeeper {
  readonly #options: KeepOptions;
  readonly #task: { stop(): Promise<void> };
  #sizes: StoreSizes = { logBlocks: 0, dbBytes: 0 };
  /** A member had no room at the last look, */
  #full = false;
  /** which was at this time, monotonic. */
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(options: KeepOptions) {
    this.#options = options;
    this.#task = startPeriodicTask({
      everyMs: Math.min(LOOK_WHILE_FULL_EVERY_MS, options.everyMs ?? LOOK_EVERY_MS),
      run: () => (this.#due ? this.#look() : undefined),
      onFault: options.fail,
    });
  }

  get sizes(): StoreSizes {
    return this.#sizes;
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  get #due(): boolean {
    const { everyMs = LOOK_EVERY_MS, storeFull } = this.#options;
    return this.#full || storeFull?.() === true || performance.now() - this.#lookedMs >= everyMs;
  }

  async #look(): Promise<void> {
    const { etcd, upkeep, keys, node, log } = this.#options;
    this.#lookedMs = performance.now();
    try {
      const first = (await etcd.range(keys.log.start, keys.log.end, 1)).entries[0];
      const blocks = first === undefined ? 0 : node.height - decodeLogBlock(first.value).height + 1;
      const members = await upkeep.members();
      this.#sizes = { logBlocks: Math.max(0, blocks), dbBytes: Math.max(0, ...members.map(({ dbBytes }) => dbBytes)) };
      this.#full = members.some(isFull);
      const nobodyCanLead = node.leader === undefined && this.#full;
      if (node.role === 'leading' || nobodyCanLead) await this.#giveBack(members);
    } catch (fault) {
      if (!(fault instanceof StoreFault)) throw fault;
      log.warn({ reason: fault.message }, 'the store could not be looked at');
    }
  }

  /** One member a look, the one that leads the store last: while it works it answers nobody. */
  async #giveBack(members: readonly EtcdMemberStatus[]): Promise<void> {
    const { upkeep, log } = this.#options;
    // Without room it is worth the pause at any size: what counts against the quota is the file.
    const full = members.some(isFull);
    const mostlyFree = members.filter(
      ({ dbBytes, dbBytesInUse, error }) =>
        error === undefined && (full || dbBytes >= DEFRAGMENT_BYTES_MIN) && dbBytesInUse < dbBytes / 2,
    );
    const next = mostlyFree.find(({ isLeader }) => !isLeader) ?? mostlyFree[0];
    if (next !== undefined) {
      log.info(
        { endpoint: next.endpoint, dbBytes: next.dbBytes, dbBytesInUse: next.dbBytesInUse },
        'defragmenting etcd',
      );
      await upkeep.defragment(next.endpoint);
    }
    // An alarm stays until somebody takes it back, also when there is room again.
    if (full && mostlyFree.length === 0) {
      await upkeep.disarmNoSpace();
      log.warn('etcd had no space; the log was trimmed and the alarm taken back');
    }
  }
}

const isFull = ({ alarms }: EtcdMemberStatus): boolean => alarms.includes('NOSPACE');
