import { type CancelOrder, type Event, REJECT_CODES, type RejectCode } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Takes one resting order off the book. Always open to its owner, whatever the market's prices are. */
export function cancelOrder(
  state: EngineState,
  { auth, orderId }: CancelOrder,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  const order = state.orders.get(orderId);
  if (order === undefined) return REJECT_CODES.ORDER_UNKNOWN;
  if (order.holding.account !== account) return REJECT_CODES.ORDER_NOT_YOURS;

  closeOrder(state, order, 'cancelledByOwner', events);
  return undefined;
}
