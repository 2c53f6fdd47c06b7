import { type Store, StoreFault } from '@keel/etcd';
import { LEASE_KEEP_ALIVE_MS, LEASE_SECONDS, LEASE_TRUSTED_MS } from './limits.ts';
import type { Time } from './time.ts';

/**
 * The right to lead, as far as this node can know. The store counts the lease from when it got a keep-alive, this node
 * from when it sent it, by a clock that never steps, and gives up half a second early: a leader that was paused or cut
 * off stops by itself before the store lets anybody else begin. Appends are safe without it (each is fenced by its
 * transaction); it is there so that nobody is told anything by a leader that is none.
 */
export class Lease {
  readonly leaseId: bigint;
  readonly #store: Store;
  readonly #time: Time;
  readonly #onEnded: () => void;
  #trustedUntilMs: number;
  #gone = false;
  #cancel: () => void = () => undefined;

  private constructor(store: Store, time: Time, leaseId: bigint, grantedFromMs: number, onEnded: () => void) {
    this.leaseId = leaseId;
    this.#store = store;
    this.#time = time;
    this.#trustedUntilMs = grantedFromMs + LEASE_TRUSTED_MS;
    this.#onEnded = onEnded;
    this.#keepAliveLater();
  }

  /** Rejects with StoreFault. `onEnded` is called once when the lease cannot be trusted any more, unless `end` was. */
  static async grant(store: Store, time: Time, onEnded: () => void): Promise<Lease> {
    const fromMs = time.monotonicMs();
    const { leaseId } = await store.grantLease(LEASE_SECONDS);
    return new Lease(store, time, leaseId, fromMs, onEnded);
  }

  /** Nobody else can lead now. */
  get trusted(): boolean {
    return this.remainingMs > 0;
  }

  /** Milliseconds until this node stops trusting the lease; 0 = it does not. */
  get remainingMs(): number {
    return this.#gone ? 0 : Math.max(0, this.#trustedUntilMs - this.#time.monotonicMs());
  }

  /** Gives the lease back; keys bound to it go. Never rejects: a lease that is not given back ends by itself. */
  async end(): Promise<void> {
    this.#gone = true;
    this.#cancel();
    await this.#store.revokeLease(this.leaseId).catch(ignoreStoreFault);
  }

  #keepAliveLater(): void {
    this.#cancel = this.#time.after(LEASE_KEEP_ALIVE_MS, () => {
      if (this.#gone) return;
      if (!this.trusted) this.#lose();
      else {
        void this.#keepAlive();
        this.#keepAliveLater();
      }
    });
  }

  async #keepAlive(): Promise<void> {
    const sentMs = this.#time.monotonicMs();
    try {
      const alive = await this.#store.keepAlive(this.leaseId);
      if (!alive) this.#lose();
      else this.#trustedUntilMs = Math.max(this.#trustedUntilMs, sentMs + LEASE_TRUSTED_MS);
    } catch (fault) {
      // The next one may come through; without any the trust ends by itself.
      ignoreStoreFault(fault);
    }
  }

  #lose(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#cancel();
    this.#onEnded();
  }
}

function ignoreStoreFault(fault: unknown): void {
  if (!(fault instanceof StoreFault)) throw fault;
}
