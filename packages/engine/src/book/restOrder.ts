import { assert, type SizeLots } from '@keel/types';
import { NO_SELLS } from '../holdings.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState, Holding } from '../state.ts';
import { watchExpiry } from '../timers/watchExpiry.ts';

/** Puts what is left of an incoming order into the book, behind all others of its price. */
export function restOrder(state: EngineState, order: OrderRecord): void {
  const { remainingLots, displayLots } = order;
  order.queuePlace = state.nextQueuePlace;
  state.nextQueuePlace += 1;
  enterBook(state, order, displayLots === 0 ? remainingLots : Math.min(displayLots, remainingLots));
}

/** Puts an order with its place in time into the book, showing so many lots. */
export function enterBook(state: EngineState, order: OrderRecord, shownLots: SizeLots): void {
  const { holding, remainingLots, orderId } = order;
  const { market, account } = holding;
  assert(order.state === 'incoming' && remainingLots > 0, 'an order that cannot rest', orderId);
  const hiddenLots = remainingLots - shownLots;
  const displayLots = hiddenLots === 0 ? 0 : order.displayLots;
  const buys = order.side === 'buy';
  const { book } = market;
  order.slot = book.insert(orderId, buys, order.priceTicks, shownLots, hiddenLots, displayLots, account.accountId);
  market.resting[order.slot] = order;
  order.state = 'resting';
  order.place = holding.resting.length;
  holding.resting.push(order);
  if (order.reduceOnly) holding.restingReduceOnly += 1;
  countResting(order, remainingLots);
  if (order.expiresAtMs !== 0) watchExpiry(state, order);
  account.openOrders += 1;
  state.openOrders += 1;
  state.dirty.orders.add(orderId);
}

/** Adds lots of a resting order to what its holding sums up, or takes them off. */
export function countResting({ holding, side, reduceOnly, priceTicks }: OrderRecord, lots: number): void {
  if (reduceOnly) return;
  if (side === 'buy') {
    holding.restingBuyLots += lots;
    if (lots > 0) holding.buysUpToTicks = Math.max(holding.buysUpToTicks, priceTicks);
    else if (holding.restingBuyLots === 0) holding.buysUpToTicks = 0;
  } else {
    holding.restingSellLots += lots;
    if (lots > 0) holding.sellsDownToTicks = Math.min(holding.sellsDownToTicks, priceTicks);
    else if (holding.restingSellLots === 0) holding.sellsDownToTicks = NO_SELLS;
  }
}

/** Drops the bounds of a holding to what its resting orders really are; `countResting` only widens them. */
export function tightenBounds(holding: Holding): void {
  holding.buysUpToTicks = 0;
  holding.sellsDownToTicks = NO_SELLS;
  for (const { reduceOnly, side, priceTicks } of holding.resting) {
    if (reduceOnly) continue;
    if (side === 'buy') holding.buysUpToTicks = Math.max(holding.buysUpToTicks, priceTicks);
    else holding.sellsDownToTicks = Math.min(holding.sellsDownToTicks, priceTicks);
  }
}
