import type { AccountId } from '@keel/types';
import { type AccountState, accountOf, type EngineState } from '../state.ts';
import { addToQueue, sweepQueue } from './idQueue.ts';

/** Lets time find the account's dead-man switch. Setting it again leaves the earlier entry to be passed over. */
export function watchDeadline(state: EngineState, account: AccountState): void {
  const { deadlines } = state;
  const holds = (deadlineMs: number, id: number) => accountOf(state, id as AccountId).cancelAllAfterMs === deadlineMs;
  sweepQueue(deadlines, state.accounts.length, holds);
  addToQueue(deadlines, account.cancelAllAfterMs, account.accountId);
}
