import type { Address } from '@keel/types';
import { ApiError } from '../errors.ts';
import { BUDGET_ACTIONS, BUDGET_REFILL_PER_SECOND, BUDGET_URGENT_EXTRA_MAX, BUDGETS_MAX } from './limits.ts';
import { isUrgent, type RequestClass } from './requestClass.ts';

const ATOMS_PER_USDC = 1_000_000n;

/** What an address has used and may use; actions of cancels and reduce-only orders count, and have a higher limit. */
export interface Budget {
  readonly used: number;
  readonly limit: number;
  readonly urgentLimit: number;
  /** Whole USDC, rounded down, that its accounts have traded since this gateway started. */
  readonly tradedUsdc: number;
}

interface Account {
  /** Actions not given back yet; a fraction where the refill is between two. */
  used: number;
  tradedAtoms: bigint;
  filledMs: number;
}

/**
 * How often an owner may act: BUDGET_ACTIONS, and one more for each USDC that was traded. What was used comes back with time
 * until BUDGET_ACTIONS are left. In memory of this gateway, so a restart gives everybody a full one.
 */
export class Budgets {
  readonly #monotonicMs: () => number;
  readonly #onRefused: () => void;
  /** The one that was quiet for longest first. */
  readonly #accounts = new Map<Address, Account>();

  constructor(monotonicMs: () => number, onRefused: () => void) {
    this.#monotonicMs = monotonicMs;
    this.#onRefused = onRefused;
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** Throws BUDGET_EXHAUSTED when the owner has no action of this class left. Uses nothing. */
  refuse(owner: Address, requestClass: RequestClass): void {
    const { used, limit, urgentLimit, tradedUsdc } = this.read(owner);
    const most = isUrgent(requestClass) ? urgentLimit : limit;
    if (used + 1 <= most) return;
    this.#onRefused();
    const retryAfterMs = Math.ceil(((used + 1 - most) * 1_000) / BUDGET_REFILL_PER_SECOND);
    throw new ApiError('BUDGET_EXHAUSTED', { used: Math.ceil(used), limit: most, tradedUsdc, retryAfterMs });
  }

  /** One action was done in the owner's name, by a signer who may. */
  charge(owner: Address): void {
    this.#accountOf(owner).used += 1;
  }

  /** An account of the owner traded for so much. */
  addTraded(owner: Address, atoms: number): void {
    this.#accountOf(owner).tradedAtoms += BigInt(Math.abs(atoms));
  }

  read(owner: Address): Budget {
    const account = this.#accounts.get(owner);
    if (account === undefined) return budgetOf({ used: 0, tradedAtoms: 0n, filledMs: 0 });
    this.#refill(account);
    return budgetOf(account);
  }

  #accountOf(owner: Address): Account {
    const known = this.#accounts.get(owner);
    if (known !== undefined) {
      this.#accounts.delete(owner);
      this.#accounts.set(owner, known);
      this.#refill(known);
      return known;
    }
    const account = { used: 0, tradedAtoms: 0n, filledMs: this.#monotonicMs() };
    this.#accounts.set(owner, account);
    if (this.#accounts.size > BUDGETS_MAX) {
      const [quietest] = this.#accounts.keys();
      if (quietest !== undefined) this.#accounts.delete(quietest);
    }
    return account;
  }

  /** No further than to BUDGET_ACTIONS left: whoever has more through trading gets nothing on top. */
  #refill(account: Account): void {
    const nowMs = this.#monotonicMs();
    const back = ((nowMs - account.filledMs) * BUDGET_REFILL_PER_SECOND) / 1_000;
    account.filledMs = nowMs;
    const missing = account.used - (budgetOf(account).limit - BUDGET_ACTIONS);
    account.used -= Math.max(0, Math.min(back, missing));
  }
}

function budgetOf({ used, tradedAtoms }: Account): Budget {
  // Rounded down: a part of a USDC is no action. Beyond 2^53 nobody's actions count any more.
  const earned = tradedAtoms / ATOMS_PER_USDC;
  const tradedUsdc = Number(earned > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : earned);
  const limit = BUDGET_ACTIONS + tradedUsdc;
  return { used, limit, urgentLimit: limit + Math.min(BUDGET_URGENT_EXTRA_MAX, limit), tradedUsdc };
}
