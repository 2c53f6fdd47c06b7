import { ReadModelUnavailable } from '@keel/redis';
import type { Address } from '@keel/types';
import { findSigner, type Roles, type SignerRole } from './findSigner.ts';

/** Agents whose owner is remembered; more than that are looked up again. */
const REMEMBERED_MAX = 10_000;
/** How long: an agent that is approved anew by another owner goes to that one by then. */
const REMEMBERED_MS = 10_000;

/**
 * For whom a signer acts. The engine decides in the end whether it may: what is remembered here can only lead to a refusal, and
 * is forgotten then. That somebody is nobody is not remembered, so that an approval works at once.
 */
export class AgentOwners {
  readonly #readModel: Roles;
  readonly #monotonicMs: () => number;
  /** The one that was looked up first comes first. */
  readonly #owners = new Map<Address, { readonly owner: Address; readonly untilMs: number }>();

  constructor(readModel: Roles, monotonicMs: () => number) {
    this.#readModel = readModel;
    this.#monotonicMs = monotonicMs;
  }

  get size(): number {
    return this.#owners.size;
  }

  /**
   * Throws ReadModelUnavailable for a signer that was not seen lately. One that was goes on, however long ago: bots must be able
   * to cancel while the read model is away.
   */
  async find(signer: Address): Promise<SignerRole> {
    const known = this.#owners.get(signer);
    if (known !== undefined && known.untilMs > this.#monotonicMs()) return { kind: 'agent', owner: known.owner };
    try {
      const role = await findSigner(this.#readModel, signer);
      if (role.kind === 'agent') this.#remember(signer, role.owner);
      else this.forget(signer);
      return role;
    } catch (fault) {
      if (known === undefined || !(fault instanceof ReadModelUnavailable)) throw fault;
      return { kind: 'agent', owner: known.owner };
    }
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
