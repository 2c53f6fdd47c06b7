import type { MarketSpec, OpenOrder, OrderAmendment, OrderName, OrderRequest } from '@keel/types';
import type { WireOrder } from './action.ts';
import { type ItemFault, translateOrder } from './translateOrder.ts';

/** An open order, as far as it says whether another order differs in price and size only, and what has traded of it. */
export type OpenOrderFacts = Pick<
  OpenOrder,
  | 'marketId'
  | 'side'
  | 'orderType'
  | 'timeInForce'
  | 'reduceOnly'
  | 'clientOrderId'
  | 'trigger'
  | 'sizeLots'
  | 'remainingLots'
>;

/**
 * An order with another price and size in place of an open one. The size asked for is what is still to trade; here the whole
 * counts, so what has traded is added. When more trades meanwhile, less is left than was asked for, never more.
 */
export function translateAmendment(
  name: OrderName,
  order: WireOrder,
  spec: MarketSpec,
  open: OpenOrderFacts | undefined,
): OrderAmendment | ItemFault {
  const asked = translateOrder(order, spec);
  if (typeof asked === 'string') return asked;
  if (open === undefined) return 'ORDER_UNKNOWN';
  if (!sameButPriceAndSize(open, asked)) return 'AMENDS_OTHER_TERMS';
  const sizeLots = open.sizeLots - open.remainingLots + asked.sizeLots;
  if (sizeLots > spec.maxOrderLots) return 'SIZE_OUT_OF_RANGE';
  return { ...name, marketId: spec.marketId, priceTicks: asked.priceTicks, sizeLots };
}

/** Without a name of its own the order keeps the one that it has. */
function sameButPriceAndSize(open: OpenOrderFacts, asked: OrderRequest): boolean {
  return (
    open.marketId === asked.marketId &&
    open.side === asked.side &&
    open.orderType === asked.orderType &&
    open.timeInForce === asked.timeInForce &&
    open.reduceOnly === asked.reduceOnly &&
    (asked.clientOrderId === '' || asked.clientOrderId === open.clientOrderId) &&
    open.trigger?.kind === asked.trigger?.kind &&
    open.trigger?.triggerTicks === asked.trigger?.triggerTicks
  );
}
