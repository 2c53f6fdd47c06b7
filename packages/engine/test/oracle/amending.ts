import {
  type OrderAmendment,
  type OrderName,
  type OrderRequest,
  type PriceTicks,
  REJECT_CODES,
  type RejectCode,
  type SizeLots,
} from '@keel/types';
import { hidesTooMuch, isBetween, isOutsideBand, isTooSmall } from './checkFit.ts';
import { checkNow, fixedTrigger } from './checkNow.ts';
import { closeOrder, shrinkOrder } from './closeOrder.ts';
import { workOrder } from './matchOrder.ts';
import {
  findNamed,
  findOrder,
  type Model,
  type ModelAccount,
  type ModelMarket,
  type ModelOrder,
  marketOf,
  takeOrderId,
} from './model.ts';
import { admitOrder, checkRequest, type Outcome, refusal, repeated } from './placing.ts';

/** The open order of the account that is meant, or why there is none. */
function nameOrder(
  model: Model,
  account: ModelAccount,
  { orderId, clientOrderId }: OrderName,
): ModelOrder | RejectCode {
  if (orderId === 0) {
    const named = model.orders.find((o) => o.accountId === account.accountId && o.clientOrderId === clientOrderId);
    return named === undefined || clientOrderId === '' ? REJECT_CODES.ORDER_UNKNOWN : named;
  }
  const order = findOrder(model, orderId);
  if (order === undefined) return REJECT_CODES.ORDER_UNKNOWN;
  return order.accountId === account.accountId ? order : REJECT_CODES.ORDER_NOT_YOURS;
}

export function cancelOne(model: Model, account: ModelAccount, name: OrderName): Outcome {
  const order = nameOrder(model, account, name);
  if (typeof order === 'number') return refusal(order);
  closeOrder(model, order, 'cancelledByOwner');
  return { orderId: order.orderId, code: 0 };
}

export function amendOne(model: Model, account: ModelAccount, amendment: OrderAmendment): Outcome {
  const order = nameOrder(model, account, amendment);
  if (typeof order === 'number') return refusal(order);
  const { marketId, priceTicks, sizeLots } = amendment;
  if (order.marketId !== marketId) return refusal(REJECT_CODES.ORDER_UNKNOWN);
  if (order.state === 'twap') return refusal(REJECT_CODES.ORDER_NOT_AMENDABLE);
  const market = marketOf(model, marketId);
  const { spec } = market;
  if (!isBetween(priceTicks, order.orderType === 'market' ? 0 : 1, spec.maxPriceTicks)) {
    return refusal(REJECT_CODES.PRICE_OUT_OF_RANGE);
  }
  if (!isBetween(sizeLots, 1, spec.maxOrderLots)) return refusal(REJECT_CODES.SIZE_OUT_OF_RANGE);
  const openLots = sizeLots - order.tradedLots;
  if (openLots <= 0) return refusal(REJECT_CODES.AMEND_SIZE_TOO_SMALL);
  const { orderId } = order;
  if (order.state === 'waiting') {
    const unfit = checkMoved(market, order, priceTicks, sizeLots);
    if (unfit !== 0) return refusal(unfit);
    const triggerTicks = fixedTrigger(order.trigger);
    if (priceTicks > 0 && triggerTicks > 0 && isOutsideBand(spec, triggerTicks, priceTicks)) {
      return refusal(REJECT_CODES.PRICE_OUTSIDE_BAND);
    }
    order.priceTicks = priceTicks;
    order.remainingLots = openLots;
    noteAmended(model, order, true);
  } else if (priceTicks === order.priceTicks && openLots <= order.remainingLots) {
    shrinkOrder(order, order.remainingLots - openLots);
    noteAmended(model, order, true);
  } else {
    const unfit = checkMoved(market, order, priceTicks, openLots);
    if (unfit !== 0) return refusal(unfit);
    const candidate = { ...order, priceTicks, sizeLots: openLots, waits: false, countsAsOpen: false };
    const checked = checkNow(model, candidate, order);
    if ('code' in checked) return refusal(checked.code);
    order.state = 'working';
    order.priceTicks = checked.terms.priceTicks;
    order.remainingLots = checked.terms.sizeLots;
    noteAmended(model, order, false);
    workOrder(model, order);
  }
  return { orderId, code: 0 };
}

/** What an order that does not merely shrink is asked again of its fit. */
function checkMoved(market: ModelMarket, order: ModelOrder, priceTicks: PriceTicks, lots: SizeLots): RejectCode | 0 {
  if (!order.reduceOnly && isTooSmall(market, priceTicks, lots)) return REJECT_CODES.NOTIONAL_TOO_SMALL;
  return hidesTooMuch(market, order.displayLots, priceTicks, lots) ? REJECT_CODES.DISPLAY_SIZE_INVALID : 0;
}

function noteAmended(model: Model, order: ModelOrder, keptPlace: boolean): void {
  const { orderId, accountId, marketId, clientOrderId, priceTicks, remainingLots } = order;
  order.sizeLots = order.tradedLots + remainingLots;
  model.events.push({
    kind: 'orderAmended',
    orderId,
    accountId,
    marketId,
    clientOrderId,
    priceTicks,
    sizeLots: order.sizeLots,
    remainingLots,
    keptPlace,
  });
}

/** The new order is looked at as if the old one were gone; the old one goes only if the new one is taken. */
export function replaceOne(model: Model, account: ModelAccount, name: OrderName, request: OrderRequest): Outcome {
  const old = nameOrder(model, account, name);
  const named = findNamed(model, account, request.clientOrderId);
  const ownName = typeof old !== 'number' && named === old.orderId;
  if (named !== undefined && !ownName) return repeated(model, account, request, named);
  if (typeof old === 'number') return refusal(old);
  const checked = checkRequest(model, account, request, old);
  if ('code' in checked) return refusal(checked.code);
  closeOrder(model, old, 'replaced');
  const orderId = takeOrderId(model);
  admitOrder(model, account, request, checked.terms, orderId, 0);
  return { orderId, code: 0 };
}
