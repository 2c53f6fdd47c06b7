import { assert } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState } from '../state.ts';
import { countResting } from './restOrder.ts';

/** Takes lots off a resting order that keeps its place, hidden ones first; some must be left. */
export function shrinkOrder(state: EngineState, order: OrderRecord, lots: number): void {
  assert(
    order.state === 'resting' && lots < order.remainingLots,
    'an order that cannot shrink by so much',
    order.orderId,
    lots,
  );
  order.holding.market.book.shrink(order.slot, lots);
  countResting(order, -lots);
  order.remainingLots -= lots;
  // What has traded is size - remaining, so a size that will never trade is not kept.
  order.sizeLots -= lots;
  state.dirty.orders.add(order.orderId);
}
