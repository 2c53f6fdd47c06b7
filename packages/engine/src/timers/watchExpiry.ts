import { divFloor, MARKETS_MAX, type OrderId } from '@keel/types';
import { orderIn } from '../orders/findOrder.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState } from '../state.ts';
import { addToQueue, sweepQueue } from './idQueue.ts';

/**
 * Lets time find an open order that expires. The queue's ids carry the market beside the order id, in the same order,
 * so that an order is looked for in one book and not in all of them.
 */
export function watchExpiry(state: EngineState, { orderId, expiresAtMs, holding }: OrderRecord): void {
  const { expiries } = state;
  sweepExpiries(state);
  addToQueue(expiries, expiresAtMs, orderId * MARKETS_MAX + holding.market.spec.marketId - 1);
}

/** The open order that an entry names; undefined when it is over. */
export function expiringOrder(state: EngineState, expiresAtMs: number, id: number): OrderRecord | undefined {
  const place = id % MARKETS_MAX;
  const order = orderIn(state, state.markets[place]!, divFloor(id, MARKETS_MAX) as OrderId);
  return order?.expiresAtMs === expiresAtMs ? order : undefined;
}

/** An order that came into the book anew is there more than once: one entry of each is enough. */
function sweepExpiries(state: EngineState): void {
  const kept = new Set<number>();
  sweepQueue(state.expiries, state.openOrders, (expiresAtMs, id) => {
    if (kept.has(id) || expiringOrder(state, expiresAtMs, id) === undefined) return false;
    kept.add(id);
    return true;
  });
}
