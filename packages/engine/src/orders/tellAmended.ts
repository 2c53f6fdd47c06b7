import type { Event } from '@keel/types';
import type { OrderRecord } from './orderRecord.ts';

/** The event that gives an order's new terms. */
export function tellAmended(order: OrderRecord, keptPlace: boolean, events: Event[]): void {
  const { account, market } = order.holding;
  events.push({
    kind: 'orderAmended',
    orderId: order.orderId,
    accountId: account.accountId,
    marketId: market.spec.marketId,
    clientOrderId: order.clientOrderId,
    priceTicks: order.priceTicks,
    sizeLots: order.sizeLots,
    remainingLots: order.remainingLots,
    keptPlace,
  });
}
