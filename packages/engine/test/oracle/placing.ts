import {
  BATCH_ITEMS_MAX,
  type OrderId,
  type OrderRequest,
  type PlaceOrders,
  type PlaceScale,
  type RejectCode,
} from '@keel/types';
import { acceptOrder } from './acceptOrder.ts';
import { checkFit, isBetween } from './checkFit.ts';
import { type Checked, checkNow, type DefiniteTerms, refused } from './checkNow.ts';
import { closeAlone } from './closeOrder.ts';
import { triggerOf } from './conditions.ts';
import { workOrder } from './matchOrder.ts';
import {
  findMarket,
  findNamed,
  type Model,
  type ModelAccount,
  type ModelOrder,
  marketOf,
  takeOrderId,
} from './model.ts';

/** What became of one thing that was asked for. */
export interface Outcome {
  readonly orderId: OrderId | 0;
  readonly code: RejectCode | 0;
}

export function refusal(code: RejectCode): Outcome {
  return { orderId: 0, code };
}

export function placeOne(model: Model, account: ModelAccount, request: OrderRequest): Outcome {
  const first = findNamed(model, account, request.clientOrderId);
  if (first !== undefined) return repeated(model, account, request, first);
  const checked = checkRequest(model, account, request, undefined);
  if ('code' in checked) return refusal(checked.code);
  const orderId = takeOrderId(model);
  admitOrder(model, account, request, checked.terms, orderId, 0);
  return { orderId, code: 0 };
}

/** The name was used before: the answer is the order that has it. */
export function repeated(model: Model, account: ModelAccount, request: OrderRequest, orderId: OrderId): Outcome {
  const { clientOrderId } = request;
  model.events.push({ kind: 'orderDuplicated', orderId, accountId: account.accountId, clientOrderId });
  return { orderId, code: 0 };
}

export function checkRequest(
  model: Model,
  account: ModelAccount,
  request: OrderRequest,
  without: ModelOrder | undefined,
  comesAfter: 0 | 1 = 0,
): Checked {
  const market = findMarket(model, request.marketId);
  if (market === undefined) return refused('MARKET_UNKNOWN');
  const code = checkFit(market, request, model.timeMs);
  if (code !== 0) return { code };
  const waits = request.trigger !== undefined;
  const goesAtOnce = request.orderType === 'market' || request.timeInForce === 'ioc' || request.timeInForce === 'fok';
  // What goes at once may leave attached orders behind.
  const countsAsOpen = waits || !goesAtOnce || request.attached !== undefined;
  const candidate = { ...request, accountId: account.accountId, waits, countsAsOpen };
  return checkNow(model, candidate, without, comesAfter);
}

/** Accepts a request that passed its checks; it waits for its trigger or goes to work. */
export function admitOrder(
  model: Model,
  account: ModelAccount,
  request: OrderRequest,
  terms: DefiniteTerms,
  orderId: OrderId,
  linkedOrderId: OrderId | 0,
): ModelOrder {
  const order = acceptRequest(model, account, request, terms, orderId, linkedOrderId);
  startOrder(model, order);
  return order;
}

function acceptRequest(
  model: Model,
  account: ModelAccount,
  request: OrderRequest,
  terms: DefiniteTerms,
  orderId: OrderId,
  linkedOrderId: OrderId | 0,
): ModelOrder {
  const { marketId, side, orderType, reduceOnly, clientOrderId, expiresAtMs, displayLots } = request;
  const { selfTrade, selfTradeScope, trigger, attached } = request;
  return acceptOrder(model, {
    orderId,
    accountId: account.accountId,
    marketId,
    side,
    orderType,
    timeInForce: terms.timeInForce,
    priceTicks: terms.priceTicks,
    sizeLots: terms.sizeLots,
    reduceOnly,
    clientOrderId,
    expiresAtMs,
    displayLots,
    selfTrade,
    selfTradeScope,
    trigger,
    attached,
    linkedOrderId,
    parentOrderId: 0,
  });
}

function startOrder(model: Model, order: ModelOrder): void {
  const { trigger, orderId } = order;
  if (trigger === undefined) {
    workOrder(model, order);
    return;
  }
  order.state = 'waiting';
  order.bestTicks = marketOf(model, order.marketId).markTicks;
  model.events.push({ kind: 'orderWaiting', orderId, triggerTicks: triggerOf(model, order, trigger) });
}

/** Each item by itself, then its outcome. */
export function runBatch<Item>(model: Model, items: readonly Item[], run: (item: Item) => Outcome): RejectCode | 0 {
  if (items.length < 1 || items.length > BATCH_ITEMS_MAX) return refused('BATCH_SIZE_INVALID').code;
  items.forEach((each, item) => {
    model.events.push({ kind: 'batchItem', item, ...run(each) });
  });
  return 0;
}

export function placeBatch(model: Model, account: ModelAccount, { orders, grouping }: PlaceOrders): RejectCode | 0 {
  if (grouping === 'oneCancelsOther') return placePair(model, account, orders);
  return runBatch(model, orders, (request) => placeOne(model, account, request));
}

/** Two orders of which one goes when the other trades, fires or goes: both are taken on, or neither. */
function placePair(model: Model, account: ModelAccount, orders: readonly OrderRequest[]): RejectCode | 0 {
  const [one, two] = orders;
  if (one === undefined || two === undefined || !isPair(orders, one, two)) return refused('GROUPING_INVALID').code;
  for (const request of [one, two]) {
    const named = findNamed(model, account, request.clientOrderId);
    if (named !== undefined) {
      repeated(model, account, request, named);
      return 0;
    }
  }
  const first = checkRequest(model, account, one, undefined);
  if ('code' in first) return first.code;
  const second = checkRequest(model, account, two, undefined, 1);
  if ('code' in second) return second.code;
  const firstId = takeOrderId(model);
  const secondId = takeOrderId(model);
  const firstOrder = acceptRequest(model, account, one, first.terms, firstId, secondId);
  const secondOrder = acceptRequest(model, account, two, second.terms, secondId, firstId);
  startOrder(model, firstOrder);
  model.events.push({ kind: 'batchItem', item: 0, orderId: firstId, code: 0 });
  if (firstOrder.tradedLots > 0 || firstOrder.state === 'over') {
    firstOrder.linkedOrderId = 0;
    closeAlone(model, secondOrder, 'linkedOrder');
  } else {
    startOrder(model, secondOrder);
  }
  model.events.push({ kind: 'batchItem', item: 1, orderId: secondId, code: 0 });
  return 0;
}

function isPair(orders: readonly OrderRequest[], one: OrderRequest, two: OrderRequest): boolean {
  const waitsOrRests = ({ trigger, orderType, timeInForce }: OrderRequest) =>
    trigger !== undefined || (orderType === 'limit' && timeInForce !== 'ioc' && timeInForce !== 'fok');
  return (
    orders.length === 2 &&
    one.marketId === two.marketId &&
    orders.every((request) => request.attached === undefined && waitsOrRests(request)) &&
    (one.clientOrderId === '' || one.clientOrderId !== two.clientOrderId)
  );
}

export function placeScale(model: Model, account: ModelAccount, command: PlaceScale): RejectCode | 0 {
  const { order, fromTicks, toTicks } = command;
  const market = findMarket(model, order.marketId);
  if (market === undefined) return refused('MARKET_UNKNOWN').code;
  const { maxPriceTicks, maxPositionLots } = market.spec;
  if (![fromTicks, toTicks].every((ticks) => isBetween(ticks, 1, maxPriceTicks)))
    return refused('PRICE_OUT_OF_RANGE').code;
  if (!isBetween(order.sizeLots, 1, maxPositionLots)) return refused('SIZE_OUT_OF_RANGE').code;
  const orders = scaleOrders(command);
  if (orders === undefined) return refused('SCHEDULE_INVALID').code;
  return runBatch(model, orders, (request) => placeOne(model, account, request));
}

/** The orders of the ladder; undefined when it cannot be one. */
function scaleOrders({ order, fromTicks, toTicks, orderCount, skewPpm }: PlaceScale): OrderRequest[] | undefined {
  const { orderType, priceTicks, clientOrderId, trigger, attached, displayLots, sizeLots } = order;
  const plain =
    orderType === 'limit' && priceTicks === 0 && clientOrderId === '' && displayLots === 0 && !trigger && !attached;
  if (!plain || fromTicks === toTicks) return undefined;
  if (!isBetween(orderCount, 2, BATCH_ITEMS_MAX) || !isBetween(skewPpm, 1, 100_000_000)) return undefined;
  const step = (distance: number, i: number) => Number((BigInt(distance) * BigInt(i)) / BigInt(orderCount - 1));
  const places = Array.from({ length: orderCount }, (_, i) => i);
  const weights = places.map((i) => 1_000_000 + step(skewPpm - 1_000_000, i));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const lots = weights.map((weight) => Number((BigInt(sizeLots) * BigInt(weight)) / BigInt(total)));
  lots[orderCount - 1]! += sizeLots - lots.reduce((sum, each) => sum + each, 0);
  if (lots.some((each) => each <= 0)) return undefined;
  return places.map((i) => ({ ...order, priceTicks: fromTicks + step(toTicks - fromTicks, i), sizeLots: lots[i]! }));
}
