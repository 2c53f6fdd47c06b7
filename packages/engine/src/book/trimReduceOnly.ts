import type { Event } from '@keel/types';
import type { EngineState, Holding } from '../state.ts';
import { closeOrder } from './closeOrder.ts';
import { bookSide, shrinkOrder } from './orderBook.ts';

/**
 * After a position changed: no resting reduce-only order may be larger than the position it reduces. One with nothing
 * left to reduce is closed, a larger one shrinks and keeps its place.
 */
export function trimReduceOnly(state: EngineState, holding: Holding, events: Event[]): void {
  const { orders, sizeLots } = holding;
  for (let i = orders.length - 1; i >= 0; i -= 1) {
    const order = orders[i]!;
    if (!order.reduceOnly) continue;
    const reducibleLots = order.side === 'sell' ? sizeLots : -sizeLots;
    if (reducibleLots <= 0) {
      closeOrder(state, order, 'reduceOnlyNothingLeft', events);
    } else if (order.remainingLots > reducibleLots) {
      shrinkOrder(bookSide(holding.market.book, order.side), order, order.remainingLots - reducibleLots);
      state.dirty.orders.add(order.orderId);
      events.push({ kind: 'orderRested', orderId: order.orderId, remainingLots: order.remainingLots });
    }
  }
}
