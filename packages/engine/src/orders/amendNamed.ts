import { type Event, type OrderAmendment, REJECT_CODES, type RejectCode } from '@keel/types';
import { leaveBook } from '../book/closeOrder.ts';
import { shrinkOrder } from '../book/shrinkOrder.ts';
import type { AccountState, EngineState } from '../state.ts';
import { isCount, isPrice, isTooSmall, showsTooLittle } from './checkFit.ts';
import { checkNow, limitMissesTrigger } from './checkNow.ts';
import { definiteTerms } from './definiteTerms.ts';
import { namedOrder } from './findOrder.ts';
import type { OrderRecord } from './orderRecord.ts';
import { requestOf } from './requestOf.ts';
import { tellAmended } from './tellAmended.ts';
import { tradeOrder } from './workOrder.ts';

/**
 * Gives an open order new terms. Less size at the same price is always allowed and keeps its place in the queue, and one
 * that waits has no place to lose; anything else is checked like a new order and goes through the book anew.
 */
export function amendNamed(
  state: EngineState,
  account: AccountState,
  amendment: OrderAmendment,
  events: Event[],
): RejectCode | undefined {
  const order = namedOrder(state, account, amendment);
  if (typeof order === 'number') return order;
  const { priceTicks, sizeLots } = amendment;
  const { market } = order.holding;
  if (market.spec.marketId !== amendment.marketId) return REJECT_CODES.ORDER_UNKNOWN;
  if (order.state === 'twap') return REJECT_CODES.ORDER_NOT_AMENDABLE;
  const lowestTicks = order.state === 'waiting' && order.orderType === 'market' ? 0 : 1;
  if (!isPrice(market, priceTicks, lowestTicks)) return REJECT_CODES.PRICE_OUT_OF_RANGE;
  if (!isCount(sizeLots, 1, market.spec.maxOrderLots)) return REJECT_CODES.SIZE_OUT_OF_RANGE;
  if (sizeLots <= order.sizeLots - order.remainingLots) return REJECT_CODES.AMEND_SIZE_TOO_SMALL;

  if (order.state === 'waiting') return changeWaiting(state, order, amendment, events);
  if (priceTicks === order.priceTicks && sizeLots <= order.sizeLots) {
    if (sizeLots < order.sizeLots) shrinkOrder(state, order, order.sizeLots - sizeLots);
    tellAmended(order, true, events);
    return undefined;
  }
  return moveOrder(state, account, order, amendment, events);
}

function changeWaiting(
  state: EngineState,
  order: OrderRecord,
  { priceTicks, sizeLots }: OrderAmendment,
  events: Event[],
): RejectCode | undefined {
  const { market } = order.holding;
  if (!order.reduceOnly && isTooSmall(market, priceTicks, sizeLots)) return REJECT_CODES.NOTIONAL_TOO_SMALL;
  if (showsTooLittle(market, order.displayLots, priceTicks, sizeLots)) return REJECT_CODES.DISPLAY_SIZE_INVALID;
  if (limitMissesTrigger(market, order.trigger, priceTicks)) return REJECT_CODES.PRICE_OUTSIDE_BAND;

  order.priceTicks = priceTicks;
  order.remainingLots += sizeLots - order.sizeLots;
  order.sizeLots = sizeLots;
  state.dirty.orders.add(order.orderId);
  tellAmended(order, true, events);
  return undefined;
}

/** Takes the order out of its place and lets it work under its old id with new terms. */
function moveOrder(
  state: EngineState,
  account: AccountState,
  order: OrderRecord,
  { priceTicks, sizeLots }: OrderAmendment,
  events: Event[],
): RejectCode | undefined {
  const { market } = order.holding;
  const tradedLots = order.sizeLots - order.remainingLots;
  const openLots = sizeLots - tradedLots;
  const request = { ...requestOf(order), priceTicks, sizeLots: openLots };
  if (!order.reduceOnly && isTooSmall(market, priceTicks, openLots)) return REJECT_CODES.NOTIONAL_TOO_SMALL;
  if (showsTooLittle(market, order.displayLots, priceTicks, openLots)) return REJECT_CODES.DISPLAY_SIZE_INVALID;
  const terms = definiteTerms(account, market, request, order);
  const refusal = checkNow(state, account, market, request, terms, order, 0);
  if (refusal !== undefined) return refusal;

  leaveBook(state, order);
  order.priceTicks = terms.limitTicks;
  order.remainingLots = terms.sizeLots;
  order.sizeLots = tradedLots + terms.sizeLots;
  tellAmended(order, false, events);
  tradeOrder(state, order, events);
  return undefined;
}
