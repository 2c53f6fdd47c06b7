import type { AccountId } from '@keel/types';
import { type AccountState, accountOf, type EngineState } from '../state.ts';
import { addToQueue, sweepQueue } from './idQueue.ts';

/** Lets time find the account's dead-man switch. Setting it again leaves the earlier entry to be passed over. */
export function watchDeadline(state: EngineState, account: AccountState): void {
  const { deadlines } = state;
  // Taken away and set to the same time again, over and over, it would be there as often: one entry of each is enough.
  const kept = new Set<number>();
  sweepQueue(deadlines, state.accounts.length, (deadlineMs, id) => {
    if (kept.has(id) || accountOf(state, id as AccountId).cancelAllAfterMs !== deadlineMs) return false;
    kept.add(id);
    return true;
  });
  addToQueue(deadlines, account.cancelAllAfterMs, account.accountId);
}
