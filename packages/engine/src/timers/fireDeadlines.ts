import type { AccountId, Event } from '@keel/types';
import { DEADLINES_PER_COMMAND } from '../limits.ts';
import { closeAll } from '../orders/closeAll.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import { type AccountState, accountOf, type EngineState } from '../state.ts';
import { dropFirst, firstId, firstKey } from './idQueue.ts';

/** Dead-man switches whose deadline has come go off, by deadline and then by account; the rest with the next commands. */
export function fireDeadlines(state: EngineState, events: Event[]): void {
  const { deadlines, timeMs } = state;
  for (let fired = 0; fired < DEADLINES_PER_COMMAND && firstKey(deadlines) <= timeMs; ) {
    const deadlineMs = firstKey(deadlines);
    const account = accountOf(state, firstId(deadlines) as AccountId);
    dropFirst(deadlines);
    // It was set anew since, or taken away.
    if (account.cancelAllAfterMs !== deadlineMs) continue;
    fireDeadline(state, account, events);
    fired += 1;
  }
}

/** Orders that only wait to protect a position stay: without them its owner, who is gone, would be worse off. */
function fireDeadline(state: EngineState, account: AccountState, events: Event[]): void {
  account.cancelAllAfterMs = 0;
  state.dirty.accounts.add(account.accountId);
  events.push({ kind: 'cancelAllAfterFired', accountId: account.accountId });
  for (const holding of account.holdings) closeAll(state, holding, 'cancelAllAfter', events, isNoProtection);
}

function isNoProtection({ reduceOnly, state }: OrderRecord): boolean {
  return !(reduceOnly && state === 'waiting');
}
