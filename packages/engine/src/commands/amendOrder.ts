import type { AmendOrder, Event, RejectCode } from '@keel/types';
import { amendNamed } from '../orders/amendNamed.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Gives one open order a new price and size under its old id. */
export function amendOrder(state: EngineState, command: AmendOrder, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  return amendNamed(state, account, command, events);
}
