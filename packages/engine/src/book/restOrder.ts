import type { BookOrder, EngineState, Holding } from '../state.ts';
import { bookSide, insertOrder } from './orderBook.ts';

/** Puts an order into the book and among its account's open orders. Orders come to rest in the order of their ids. */
export function restOrder(state: EngineState, holding: Holding, terms: RestTerms): void {
  const order: BookOrder = {
    orderId: terms.orderId,
    accountId: holding.account.accountId,
    marketId: holding.market.spec.marketId,
    side: terms.side,
    priceTicks: terms.priceTicks,
    sizeLots: terms.sizeLots,
    remainingLots: terms.remainingLots,
    reduceOnly: terms.reduceOnly,
    clientOrderId: terms.clientOrderId,
    holding,
    level: undefined,
    previous: undefined,
    next: undefined,
  };
  insertOrder(bookSide(holding.market.book, order.side), order);
  holding.orders.push(order);
  holding.account.openOrders += 1;
  state.orders.set(order.orderId, order);
  state.dirty.orders.add(order.orderId);
}

export type RestTerms = Pick<
  BookOrder,
  'orderId' | 'side' | 'priceTicks' | 'sizeLots' | 'remainingLots' | 'reduceOnly' | 'clientOrderId'
>;
