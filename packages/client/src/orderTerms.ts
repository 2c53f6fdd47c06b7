import type { OrderTerms, SignedAmendment, SignedOrderName } from '@keel/signing';
import type { Amendment, NewOrder, OrderRef } from './orders.ts';

/** The order as it is signed: what is left out gets its default, and `0` or empty where there is none. */
export function orderTerms(order: NewOrder): OrderTerms {
  const orderType = order.orderType ?? (order.price === undefined ? 'market' : 'limit');
  const { trigger, takeProfit, stopLoss } = order;
  return {
    market: order.market,
    side: order.side,
    orderType,
    timeInForce: order.timeInForce ?? usualTimeInForce(orderType, order.expiresAt),
    price: order.price ?? '0',
    size: order.size,
    reduceOnly: order.reduceOnly ?? false,
    clientOrderId: order.clientOrderId ?? '',
    expiresAt: order.expiresAt ?? 0,
    displaySize: order.displaySize ?? '0',
    selfTrade: order.selfTrade ?? 'expireMaker',
    selfTradeScope: order.selfTradeScope ?? 'account',
    triggerKind: trigger?.kind ?? '',
    triggerPrice: trigger === undefined || trigger.kind === 'trailingStop' ? '0' : trigger.price,
    trail: trigger?.kind === 'trailingStop' ? trigger.trail : '0',
    takeProfitTrigger: takeProfit?.trigger ?? '0',
    takeProfitPrice: takeProfit?.price ?? '0',
    stopLossTrigger: stopLoss?.trigger ?? '0',
    stopLossPrice: stopLoss?.price ?? '0',
  };
}

function usualTimeInForce(
  orderType: OrderTerms['orderType'],
  expiresAt: number | undefined,
): OrderTerms['timeInForce'] {
  if (orderType === 'market') return 'ioc';
  return expiresAt === undefined ? 'gtc' : 'gtt';
}

/** By its id, or with the id `0` by its owner's name for it. */
export function orderName(order: OrderRef): SignedOrderName {
  if (typeof order === 'string') return { orderId: order, clientOrderId: '' };
  return { orderId: '0', clientOrderId: order.clientOrderId };
}

export function amendmentTerms(amendment: Amendment): SignedAmendment {
  const { order, market, price, size } = amendment;
  return { ...orderName(order), market, price, size };
}
