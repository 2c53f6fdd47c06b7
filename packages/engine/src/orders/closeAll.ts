import type { Event, OrderCloseReason } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import type { EngineState, Holding } from '../state.ts';
import type { OrderRecord } from './orderRecord.ts';

/** Ends the open orders of one holding for which `goes` holds, by id. */
export function closeAll(
  state: EngineState,
  holding: Holding,
  reason: OrderCloseReason,
  events: Event[],
  goes: (order: OrderRecord) => boolean = () => true,
): void {
  const orders = [...holding.resting, ...holding.waiting].sort((a, b) => a.orderId - b.orderId);
  for (const order of orders) {
    // One that was linked with an earlier one is over already.
    if (order.state !== 'over' && goes(order)) closeOrder(state, order, reason, events);
  }
}
