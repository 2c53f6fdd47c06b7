import { type OrderId, type OrderName, REJECT_CODES, type RejectCode } from '@keel/types';
import type { AccountState, EngineState, MarketState } from '../state.ts';
import type { OrderRecord } from './orderRecord.ts';

/** An open order, resting in this market or waiting; undefined when there is none. */
export function orderIn(state: EngineState, market: MarketState, orderId: OrderId): OrderRecord | undefined {
  const slot = market.book.find(orderId);
  return slot === 0 ? state.waiting.get(orderId) : market.resting[slot];
}

/** An open order of any market. Each look into a book is one step, but there is one per market. */
export function findOpenOrder(state: EngineState, orderId: OrderId): OrderRecord | undefined {
  for (const market of state.markets) {
    const slot = market.book.find(orderId);
    if (slot !== 0) return market.resting[slot];
  }
  return state.waiting.get(orderId);
}

/** The account's open order of this name, or the refusal. */
export function namedOrder(state: EngineState, account: AccountState, name: OrderName): OrderRecord | RejectCode {
  const id = idOfName(account, name);
  if (id === undefined) return REJECT_CODES.ORDER_UNKNOWN;
  for (const { market } of account.holdings) {
    const slot = market.book.find(id);
    if (slot === 0) continue;
    const order = market.resting[slot]!;
    return order.holding.account === account ? order : REJECT_CODES.ORDER_NOT_YOURS;
  }
  const other = findOpenOrder(state, id);
  if (other === undefined) return REJECT_CODES.ORDER_UNKNOWN;
  return other.holding.account === account ? other : REJECT_CODES.ORDER_NOT_YOURS;
}

/** The id that a name stands for, whether that order is still open or not; undefined for a name nobody remembers. */
export function idOfName(account: AccountState, { orderId, clientOrderId }: OrderName): OrderId | undefined {
  return orderId === 0 ? account.orderNames?.get(clientOrderId) : orderId;
}

/** Every open order, ascending by id. */
export function openOrdersOf(state: EngineState): OrderRecord[] {
  const orders = [...state.waiting.values()];
  for (const account of state.accounts) for (const { resting } of account.holdings) orders.push(...resting);
  return orders.sort((a, b) => a.orderId - b.orderId);
}
