import type { OrderUpdateDoc } from '@keel/redis';
import type { MarketSpec, TimeMs } from '@keel/types';
import { type OrderStatus, orderStatus } from './orderStatus.ts';
import { type FrontendOrder, type OpenOrderAnswer, writeFrontendOrder, writeOpenOrder } from './writeOrder.ts';

export interface OrderState<Order> {
  readonly order: Order;
  readonly status: OrderStatus;
  readonly statusTimestamp: TimeMs;
}

/** An order as it stands or ended, for `orderStatus` and `historicalOrders`. */
export function writeOrderState(update: OrderUpdateDoc, spec: MarketSpec): OrderState<FrontendOrder> {
  return stateOf(update, writeFrontendOrder(update.order, spec));
}

/** The same in the shape of the channel `orderUpdates`. */
export function writeOrderUpdate(update: OrderUpdateDoc, spec: MarketSpec): OrderState<OpenOrderAnswer> {
  return stateOf(update, writeOpenOrder(update.order, spec));
}

function stateOf<Order>(update: OrderUpdateDoc, order: Order): OrderState<Order> {
  return { order, status: orderStatus(update), statusTimestamp: update.timeMs };
}
