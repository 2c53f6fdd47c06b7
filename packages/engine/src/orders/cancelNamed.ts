import type { Event, OrderName, RejectCode } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import type { AccountState, EngineState } from '../state.ts';
import { namedOrder } from './findOrder.ts';

/** Ends the account's open order of this name, or says why not. */
export function cancelNamed(
  state: EngineState,
  account: AccountState,
  name: OrderName,
  events: Event[],
): RejectCode | undefined {
  const order = namedOrder(state, account, name);
  if (typeof order === 'number') return order;
  closeOrder(state, order, 'cancelledByOwner', events);
  return undefined;
}
