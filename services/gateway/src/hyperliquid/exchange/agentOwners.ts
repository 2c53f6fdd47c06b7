import type { ReadModel } from '@keel/redis';
import type { Address } from '@keel/types';

/** Agents whose owner is remembered; more than that are looked up again. */
const REMEMBERED_MAX = 10_000;
/** How long: an agent that is approved anew by another owner goes to that one by then. */
const REMEMBERED_MS = 10_000;

/** Whose a signer is. */
export type SignerRole =
  | { readonly kind: 'agent'; readonly owner: Address }
  /** It owns an account, and its key is the one that holds the money. */
  | { readonly kind: 'owner' }
  | { readonly kind: 'nobody' };

/**
 * For whom a signer acts. The engine decides in the end whether it may: what is remembered here can only lead to a refusal, and
 * is forgotten then. That somebody is nobody is not remembered, so that an approval works at once.
 */
export class AgentOwners {
  readonly #readModel: Pick<ReadModel, 'account'>;
  readonly #monotonicMs: () => number;
  /** The one that was looked up first comes first. */
  readonly #owners = new Map<Address, { readonly owner: Address; readonly untilMs: number }>();

  constructor(readModel: Pick<ReadModel, 'account'>, monotonicMs: () => number) {
    this.#readModel = readModel;
    this.#monotonicMs = monotonicMs;
  }

  get size(): number {
    return this.#owners.size;
  }

  /** Throws ReadModelUnavailable. */
  async find(signer: Address): Promise<SignerRole> {
    const known = this.#owners.get(signer);
    if (known !== undefined && known.untilMs > this.#monotonicMs()) return { kind: 'agent', owner: known.owner };
    const { account } = await this.#readModel.account({ address: signer, subaccount: 0 });
    if (account === undefined) return { kind: 'nobody' };
    if (account.owner === signer) return { kind: 'owner' };
    this.#remember(signer, account.owner);
    return { kind: 'agent', owner: account.owner };
  }

  /** The engine did not let the signer act: next time it is looked up. */
  forget(signer: Address): void {
    this.#owners.delete(signer);
  }

  #remember(signer: Address, owner: Address): void {
    this.#owners.delete(signer);
    this.#owners.set(signer, { owner, untilMs: this.#monotonicMs() + REMEMBERED_MS });
    for (const oldest of this.#owners.keys()) {
      if (this.#owners.size <= REMEMBERED_MAX) return;
      this.#owners.delete(oldest);
    }
  }
}
