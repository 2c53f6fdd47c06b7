import { assert, type Event, type OrderCloseReason, type RejectCode } from '@keel/types';
import { isEmpty } from '../holdings.ts';
import { orderIn } from '../orders/findOrder.ts';
import { retireName } from '../orders/orderNames.ts';
import { giveUpRecord, type OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState } from '../state.ts';
import { leaveWaiting } from '../triggers/waitForTrigger.ts';
import { countResting } from './restOrder.ts';

/**
 * Ends an order, wherever it is, and says why; `remainingLots` of its record is what never traded. An order that is
 * linked with it goes too.
 */
export function closeOrder(
  state: EngineState,
  order: OrderRecord,
  reason: OrderCloseReason,
  events: Event[],
  code: RejectCode | 0 = 0,
): void {
  const { orderId, holding } = order;
  const { account, market } = holding;
  if (order.state === 'resting') leaveBook(state, order);
  else if (order.state !== 'incoming') leaveWaiting(state, order);
  retireName(account, order);
  giveUpRecord(state, order);
  if (isEmpty(holding)) state.emptied.push(holding);
  events.push({
    kind: 'orderClosed',
    orderId,
    accountId: account.accountId,
    marketId: market.spec.marketId,
    reason,
    remainingLots: order.remainingLots,
    code,
  });
  if (order.parentOrderId !== 0) forgetChild(state, order);
  closeLinked(state, order, events);
}

/** Ends the order that is linked with this one, if it is still open. */
export function closeLinked(state: EngineState, order: OrderRecord, events: Event[]): void {
  const linked = cutLink(state, order);
  if (linked !== undefined) closeOrder(state, linked, 'linkedOrder', events);
}

/** Parts two linked orders and returns the other one, if it is open. */
export function cutLink(state: EngineState, order: OrderRecord): OrderRecord | undefined {
  const { linkedOrderId } = order;
  if (linkedOrderId === 0) return undefined;
  order.linkedOrderId = 0;
  state.dirty.orders.add(order.orderId);
  const linked = orderIn(state, order.holding.market, linkedOrderId);
  if (linked === undefined) return undefined;
  linked.linkedOrderId = 0;
  state.dirty.orders.add(linkedOrderId);
  return linked;
}

/** Takes a resting order out of its book, on its way out or to another place. */
export function leaveBook(state: EngineState, order: OrderRecord): void {
  const { holding, orderId } = order;
  const { market, account, resting } = holding;
  // A filled order has left the book already.
  if (order.slot !== 0) market.book.remove(order.slot);
  order.slot = 0;
  order.queuePlace = 0;
  order.state = 'incoming';
  const { place } = order;
  assert(resting[place] === order, 'an order that is not among those of its account', orderId);
  // The last one takes its place.
  const last = resting.pop()!;
  if (last !== order) {
    resting[place] = last;
    last.place = place;
  }
  order.place = 0;
  if (order.reduceOnly) holding.restingReduceOnly -= 1;
  countResting(order, -order.remainingLots);
  account.openOrders -= 1;
  state.openOrders -= 1;
  state.dirty.orders.add(orderId);
}

function forgetChild(state: EngineState, child: OrderRecord): void {
  const parent = orderIn(state, child.holding.market, child.parentOrderId as OrderRecord['orderId']);
  if (parent === undefined) return;
  if (parent.takeProfitId === child.orderId) parent.takeProfitId = 0;
  if (parent.stopLossId === child.orderId) parent.stopLossId = 0;
  state.dirty.orders.add(parent.orderId);
}
