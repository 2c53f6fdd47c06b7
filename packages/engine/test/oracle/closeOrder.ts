import type { OrderCloseReason, RejectCode } from '@keel/types';
import { accountOf, findOrder, type Model, type ModelOrder } from './model.ts';

/** Ends an order; the one it is linked with goes at once after it. */
export function closeOrder(model: Model, order: ModelOrder, reason: OrderCloseReason, code: RejectCode | 0 = 0): void {
  closeAlone(model, order, reason, code);
  closeLinked(model, order);
}

/** Ends an order and leaves the linked one to the caller. */
export function closeAlone(model: Model, order: ModelOrder, reason: OrderCloseReason, code: RejectCode | 0 = 0): void {
  const { orderId, accountId, marketId, clientOrderId } = order;
  // What a self-trade took off an order that was on its way in never traded either.
  const offLots = order.state === 'working' ? order.decrementedLots : 0;
  const remainingLots = order.remainingLots + offLots;
  order.state = 'over';
  model.orders = model.orders.filter((other) => other !== order);
  model.fireQueue = model.fireQueue.filter((queued) => queued !== orderId);
  if (clientOrderId !== '') accountOf(model, accountId).closedNames.push({ clientOrderId, orderId });
  model.events.push({ kind: 'orderClosed', orderId, accountId, marketId, reason, remainingLots, code });
}

/** The order fired or is over: the other of the pair goes, once. */
export function closeLinked(model: Model, order: ModelOrder): void {
  const partner = cutLink(model, order);
  if (partner !== undefined) closeAlone(model, partner, 'linkedOrder');
}

/** The two go on alone; what the order was linked with and has to close, if it is still open then. */
export function cutLink(model: Model, order: ModelOrder): ModelOrder | undefined {
  if (order.linkedOrderId === 0) return undefined;
  const partner = findOrder(model, order.linkedOrderId);
  order.linkedOrderId = 0;
  if (partner === undefined) return undefined;
  // The second of a pair that has yet to work looks for itself what became of the first; a taker that has traded stays.
  if (partner.state === 'pending' || (partner.state === 'working' && partner.tradedLots > 0)) return undefined;
  partner.linkedOrderId = 0;
  return partner;
}

/** Takes lots off an open order for good, hidden ones first: its size shrinks with it. */
export function shrinkOrder(order: ModelOrder, lots: number): void {
  order.remainingLots -= lots;
  order.sizeLots -= lots;
  order.shownLots = Math.min(order.shownLots, order.remainingLots);
}
