import type { Event } from '@keel/types';
import type { OrderRecord } from './orderRecord.ts';

/** The event that gives an order's definite terms. */
export function tellAccepted(order: OrderRecord, events: Event[]): void {
  const { account, market } = order.holding;
  events.push({
    kind: 'orderAccepted',
    orderId: order.orderId,
    accountId: account.accountId,
    marketId: market.spec.marketId,
    side: order.side,
    orderType: order.orderType,
    timeInForce: order.timeInForce,
    priceTicks: order.priceTicks,
    sizeLots: order.sizeLots,
    reduceOnly: order.reduceOnly,
    clientOrderId: order.clientOrderId,
    expiresAtMs: order.expiresAtMs,
    displayLots: order.displayLots,
    selfTrade: order.selfTrade,
    selfTradeScope: order.selfTradeScope,
    trigger: order.trigger,
    attached: order.attached,
    linkedOrderId: order.linkedOrderId,
    parentOrderId: order.parentOrderId,
  });
}
