import type { CancelOrder, Event, RejectCode } from '@keel/types';
import { cancelNamed } from '../orders/cancelNamed.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Ends one open order. Always open to its owner, whatever the market's status and prices are. */
export function cancelOrder(state: EngineState, command: CancelOrder, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  return cancelNamed(state, account, command, events);
}
