import { assert, type Event, type OrderCloseReason } from '@keel/types';
import type { BookOrder, EngineState } from '../state.ts';
import { bookSide, removeOrder } from './orderBook.ts';

/** Takes a resting order out of the book and out of its account, and says why. */
export function closeOrder(state: EngineState, order: BookOrder, reason: OrderCloseReason, events: Event[]): void {
  const { holding, orderId } = order;
  removeOrder(bookSide(holding.market.book, order.side), order);
  const place = holding.orders.indexOf(order);
  assert(place >= 0 && state.orders.delete(orderId), `order ${orderId} is not open`);
  holding.orders.splice(place, 1);
  holding.account.openOrders -= 1;
  if (holding.orders.length === 0) state.emptied.push(holding);
  state.dirty.orders.add(orderId);
  events.push({
    kind: 'orderClosed',
    orderId,
    accountId: order.accountId,
    marketId: order.marketId,
    reason,
    remainingLots: order.remainingLots,
  });
}
