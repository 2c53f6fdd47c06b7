import { type Event, type OrderRequest, REJECT_CODES, type RejectCode } from '@keel/types';
import { openHolding } from '../holdings.ts';
import { type AccountState, type EngineState, findMarket, type MarketState } from '../state.ts';
import { checkFit } from './checkFit.ts';
import { checkNow } from './checkNow.ts';
import { definiteTerms, type OrderTerms } from './definiteTerms.ts';
import { knownOrderId, rememberName } from './orderNames.ts';
import { type OrderRecord, takeRecord } from './orderRecord.ts';
import { tellAccepted } from './tellAccepted.ts';
import { workOrder } from './workOrder.ts';

/** An order that passed every check, with what will be carried out. */
export interface CheckedOrder {
  readonly market: MarketState;
  readonly request: OrderRequest;
  readonly terms: OrderTerms;
}

/**
 * Accepts an order of an authorised account and lets it work, or refuses it without a change. One whose client order id
 * is known is answered with the first order of that name.
 */
export function placeRequest(
  state: EngineState,
  account: AccountState,
  request: OrderRequest,
  events: Event[],
): RejectCode | undefined {
  if (tellDuplicate(account, request.clientOrderId, events)) return undefined;
  const checked = checkRequest(state, account, request, undefined);
  if (typeof checked === 'number') return checked;
  const order = acceptOrder(state, account, checked, events);
  workOrder(state, order, events);
  return undefined;
}

/** Whether the name was used before; then the event that says so is out. */
export function tellDuplicate(account: AccountState, clientOrderId: string, events: Event[]): boolean {
  const orderId = knownOrderId(account, clientOrderId);
  if (orderId === undefined) return false;
  events.push({ kind: 'orderDuplicated', orderId, accountId: account.accountId, clientOrderId });
  return true;
}

/**
 * Every check of an order, in the order of REJECT_CODES. `instead` is an open order that goes when this one comes; `places`
 * are open orders that come with it, itself among them.
 */
export function checkRequest(
  state: EngineState,
  account: AccountState,
  request: OrderRequest,
  instead: OrderRecord | undefined,
  places: 1 | 2 = 1,
): CheckedOrder | RejectCode {
  const market = findMarket(state, request.marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const misfit = checkFit(state, market, request);
  if (misfit !== undefined) return misfit;
  const terms = definiteTerms(account, market, request, instead);
  const refusal = checkNow(state, account, market, request, terms, instead, places);
  return refusal ?? { market, request, terms };
}

/** Gives a checked order its id. It does not work yet. */
export function acceptOrder(
  state: EngineState,
  account: AccountState,
  { market, request, terms }: CheckedOrder,
  events: Event[],
  linkedOrderId: OrderRecord['linkedOrderId'] = 0,
): OrderRecord {
  const order = takeRecord(state, {
    holding: openHolding(state, account, market),
    side: request.side,
    orderType: request.orderType,
    timeInForce: terms.timeInForce,
    priceTicks: terms.limitTicks,
    sizeLots: terms.sizeLots,
    displayLots: request.displayLots,
    reduceOnly: request.reduceOnly,
    clientOrderId: request.clientOrderId,
    expiresAtMs: request.expiresAtMs,
    selfTrade: request.selfTrade,
    selfTradeScope: request.selfTradeScope,
    trigger: request.trigger,
    attached: request.attached,
  });
  order.linkedOrderId = linkedOrderId;
  rememberName(account, order);
  tellAccepted(order, events);
  return order;
}
