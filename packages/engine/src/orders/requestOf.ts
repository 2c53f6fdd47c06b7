import type { OrderRequest } from '@keel/types';
import type { OrderRecord } from './orderRecord.ts';

/** The order as if it had just been asked for, without its trigger: for an order that fired or is amended. */
export function requestOf(
  order: OrderRecord,
  priceTicks = order.priceTicks,
  sizeLots = order.remainingLots,
): OrderRequest {
  const { orderType, displayLots } = order;
  return {
    marketId: order.holding.market.spec.marketId,
    side: order.side,
    orderType,
    timeInForce: order.timeInForce,
    priceTicks,
    sizeLots,
    reduceOnly: order.reduceOnly,
    clientOrderId: order.clientOrderId,
    expiresAtMs: order.expiresAtMs,
    displayLots: Math.min(displayLots, sizeLots),
    selfTrade: order.selfTrade,
    selfTradeScope: order.selfTradeScope,
    trigger: undefined,
    attached: order.attached,
  };
}
