import { decodeNodeReport, encodeNodeReport, type NodeReport } from '@keel/codec';
import { type Condition, type Store, StoreFault } from '@keel/etcd';
import type { Hex } from '@keel/types';
import { NAME_HELD_MS_MAX, REPORT_EVERY_MS, REPORT_LEASE_SECONDS } from './limits.ts';
import type { Time } from './time.ts';

/** Another node uses this one's name. */
export class IdentityTaken extends Error {
  override readonly name = 'IdentityTaken';
}

export interface ReporterOptions {
  readonly store: Store;
  readonly time: Time;
  /** Of this node's report. */
  readonly key: string;
  readonly instanceId: Hex;
  readonly directoryId: Hex;
  readonly report: () => NodeReport;
  /** Another process has begun to use this node's name. */
  readonly onTaken: (taken: IdentityTaken) => void;
  readonly onFault: (fault: StoreFault) => void;
}

/**
 * Tells the others about this node once a second, under a lease: when the process dies its report goes by itself. The
 * first report claims the name; who finds another directory's report there is a second node of the same name.
 */
export class Reporter {
  readonly #options: ReporterOptions;
  #leaseId: bigint | undefined;
  #modRevision = 0;
  #cancel: () => void = () => undefined;
  #stopped = false;
  #busy: Promise<void> | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /**
   * Claims the name, and waits as long as a dead process may still hold it: a node that lost its directory cannot show that
   * it was that one. Rejects with IdentityTaken, or StoreFault: call again then.
   */
  async start(): Promise<void> {
    const { time } = this.#options;
    const untilMs = time.monotonicMs() + NAME_HELD_MS_MAX;
    while (!(await this.#claimed(time.monotonicMs() < untilMs)) && !this.#stopped)
      await new Promise<void>((resolve) => {
        time.after(REPORT_EVERY_MS, resolve);
      });
    if (!this.#stopped) this.#tellLater();
  }

  async #claimed(mayWait: boolean): Promise<boolean> {
    try {
      await this.#tell();
      return true;
    } catch (fault) {
      if (fault instanceof IdentityTaken && mayWait) return false;
      throw fault;
    }
  }

  /** Tells now what would be told within a second; a fault is told to `onFault`. */
  tellNow(): void {
    if (this.#stopped || this.#busy !== undefined) return;
    this.#busy = this.#tell()
      .catch((fault: unknown) => {
        if (fault instanceof IdentityTaken) this.#options.onTaken(fault);
        else if (fault instanceof StoreFault) this.#options.onFault(fault);
        else throw fault;
      })
      .finally(() => {
        this.#busy = undefined;
      });
  }

  /** The report goes at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#busy;
    if (this.#leaseId === undefined) return;
    await this.#options.store.revokeLease(this.#leaseId).catch((fault: unknown) => {
      if (!(fault instanceof StoreFault)) throw fault;
    });
  }

  #tellLater(): void {
    this.#cancel = this.#options.time.after(REPORT_EVERY_MS, () => {
      if (this.#stopped) return;
      this.tellNow();
      this.#tellLater();
    });
  }

  async #tell(): Promise<void> {
    const { store, key } = this.#options;
    const leaseId = await this.#lease();
    const value = encodeNodeReport(this.#options.report());
    const condition: Condition =
      this.#modRevision === 0 ? { key, createRevision: 0 } : { key, modRevision: this.#modRevision };
    const { succeeded, revision } = await store.transact([condition], [{ kind: 'put', key, value, leaseId }]);
    if (succeeded) this.#modRevision = revision;
    else await this.#lookWhoIsThere();
  }

  /** The lease, kept alive; a new one when the old is gone. */
  async #lease(): Promise<bigint> {
    const { store } = this.#options;
    if (this.#leaseId !== undefined && (await store.keepAlive(this.#leaseId))) return this.#leaseId;
    this.#leaseId = (await store.grantLease(REPORT_LEASE_SECONDS)).leaseId;
    return this.#leaseId;
  }

  /** Ours after all (an answer was lost, or this directory's last run): the next report goes on from it. */
  async #lookWhoIsThere(): Promise<void> {
    const { store, key, instanceId, directoryId } = this.#options;
    const there = await store.get(key);
    if (there === undefined) {
      this.#modRevision = 0;
      return this.#tell();
    }
    const other = decodeNodeReport(there.value);
    const sameRun = other.instanceId === instanceId;
    if (!sameRun && (other.directoryId !== directoryId || this.#modRevision !== 0)) throw takenBy(other);
    this.#modRevision = there.modRevision;
    return this.#tell();
  }
}

function takenBy({ nodeId, adminUrl }: NodeReport): IdentityTaken {
  return new IdentityTaken(
    `another node is running under the name ${nodeId} (${adminUrl}): give each node a KEEL_NODE_ID of its own`,
  );
}
