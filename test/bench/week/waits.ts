import type { EngineState } from '@keel/engine';
import { type AccountId, divFloor, type TimeMs } from '@keel/types';

export interface WaitFigures {
  readonly count: number;
  readonly p50Ms: TimeMs;
  readonly maxMs: TimeMs;
  /** Not over yet. */
  readonly open: number;
}

/** How long accounts were in a bad state in sequenced time, from the command after which they were to the one after which they were not. */
export class Waits {
  readonly #state: EngineState;
  readonly #select: (state: EngineState) => ReadonlySet<AccountId>;
  readonly #since = new Map<AccountId, TimeMs>();
  readonly #lastedMs: TimeMs[] = [];

  constructor(state: EngineState, select: (state: EngineState) => ReadonlySet<AccountId>) {
    this.#state = state;
    this.#select = select;
  }

  /** After every command. */
  look(): void {
    const { timeMs } = this.#state;
    const now = this.#select(this.#state);
    for (const accountId of now) if (!this.#since.has(accountId)) this.#since.set(accountId, timeMs);
    for (const [accountId, sinceMs] of this.#since) {
      if (now.has(accountId)) continue;
      this.#lastedMs.push(timeMs - sinceMs);
      this.#since.delete(accountId);
    }
  }

  /** One that began and ended within a command, which no look saw. */
  addAtOnce(): void {
    this.#lastedMs.push(0);
  }

  has(accountId: AccountId): boolean {
    return this.#since.has(accountId);
  }

  figures(): WaitFigures {
    const sorted = [...this.#lastedMs].sort((one, other) => one - other);
    const p50Ms = sorted[divFloor(Math.max(0, sorted.length - 1), 2)] ?? 0;
    return { count: sorted.length, p50Ms, maxMs: sorted.at(-1) ?? 0, open: this.#since.size };
  }
}

/**
 * Whoever has a position and is in liquidation, has a turn to come, or is weak and waits for a price. The invariants see to
 * it that nobody else is under maintenance.
 */
export function weakAccounts(state: EngineState): Set<AccountId> {
  const weak = new Set<AccountId>();
  for (const ids of [state.liquidating, state.parked, state.turns.ids]) {
    for (const id of ids) {
      const account = state.accounts[id - 1]!;
      // The queue of turns keeps entries that are not good any more until they are due.
      const isKnown = account.turnKey !== 0 || ids !== state.turns.ids;
      if (isKnown && account.holdings.some(({ sizeLots }) => sizeLots !== 0)) weak.add(account.accountId);
    }
  }
  return weak;
}

/** Whoever has no position any more and owes USDC that the exchange has not yet taken out of other collateral. */
export function debtors({ debtors: owing }: EngineState): ReadonlySet<AccountId> {
  return owing;
}
