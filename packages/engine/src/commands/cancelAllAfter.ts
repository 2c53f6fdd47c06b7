import {
  CANCEL_ALL_AFTER_MS_MAX,
  CANCEL_ALL_AFTER_MS_MIN,
  type CancelAllAfter,
  type Event,
  REJECT_CODES,
  type RejectCode,
} from '@keel/types';
import { isCount } from '../orders/checkFit.ts';
import type { EngineState } from '../state.ts';
import { watchDeadline } from '../timers/watchDeadline.ts';
import { authorize } from './authorize.ts';

/** Sets the account's dead-man switch anew, counted from now, or takes it away. */
export function cancelAllAfter(state: EngineState, command: CancelAllAfter, events: Event[]): RejectCode | undefined {
  const { auth, timeoutMs } = command;
  const account = authorize(state, auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  if (timeoutMs !== 0 && !isCount(timeoutMs, CANCEL_ALL_AFTER_MS_MIN, CANCEL_ALL_AFTER_MS_MAX)) {
    return REJECT_CODES.TIMEOUT_INVALID;
  }

  const deadlineMs = timeoutMs === 0 ? 0 : state.timeMs + timeoutMs;
  const isNew = account.cancelAllAfterMs !== deadlineMs;
  account.cancelAllAfterMs = deadlineMs;
  // The same deadline again has its entry already.
  if (isNew && deadlineMs !== 0) watchDeadline(state, account);
  state.dirty.accounts.add(account.accountId);
  events.push({ kind: 'cancelAllAfterSet', accountId: account.accountId, deadlineMs });
  return undefined;
}
