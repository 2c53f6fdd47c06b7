import type { AccountId } from '@keel/types';
import { WARNED_LOOK_MS, WARNED_PER_COMMAND } from '../limits.ts';
import { accountOf, type EngineState } from '../state.ts';
import { addToQueue, dropFirst, firstId, firstKey } from '../timers/idQueue.ts';

/**
 * Has the warned accounts that are due looked at after this command: nothing else finds one that does better again. At
 * most so many per command; the rest come with the next ones, the longest due first.
 */
export function lookAgainAtWarned(state: EngineState): void {
  const { warned, timeMs } = state;
  for (let looks = 0; looks < WARNED_PER_COMMAND && firstKey(warned) <= timeMs; looks += 1) {
    const account = accountOf(state, firstId(warned) as AccountId);
    dropFirst(warned);
    account.warnedDueMs = 0;
    if (account.warnedPercent === 0) continue;
    state.suspects.add(account.accountId);
    account.warnedDueMs = timeMs + WARNED_LOOK_MS;
    addToQueue(warned, account.warnedDueMs, account.accountId);
  }
}
