import {
  type PlaceTwap,
  REJECT_CODES,
  type RejectCode,
  TWAP_DURATION_MS_MAX,
  TWAP_DURATION_MS_MIN,
  TWAP_SLICE_MS_MIN,
} from '@keel/types';
import { acceptOrder } from './acceptOrder.ts';
import { isBetween, isName, isTooSmall } from './checkFit.ts';
import { checkNow } from './checkNow.ts';
import { closeOrder } from './closeOrder.ts';
import { matchTaker, type Taker } from './matchOrder.ts';
import {
  findMarket,
  findNamed,
  found,
  type Model,
  type ModelAccount,
  type ModelMarket,
  type ModelOrder,
  marketOf,
  takeOrderId,
} from './model.ts';

/** Orders that have their slices in one command. */
const TWAPS_PER_COMMAND_MAX = 64;

export function placeTwap(model: Model, account: ModelAccount, command: PlaceTwap): RejectCode | 0 {
  const { marketId, side, sizeLots, reduceOnly, clientOrderId, durationMs, slices } = command;
  const { accountId } = account;
  const named = findNamed(model, account, clientOrderId);
  if (named !== undefined) {
    model.events.push({ kind: 'orderDuplicated', orderId: named, accountId, clientOrderId });
    return 0;
  }
  const market = findMarket(model, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const unfit = checkTwapFit(market, command);
  if (unfit !== 0) return unfit;
  const flags = {
    side,
    orderType: 'market',
    timeInForce: 'ioc',
    priceTicks: 0,
    sizeLots,
    reduceOnly,
    trigger: undefined,
    selfTrade: 'expireMaker',
    marketId,
    accountId,
  } as const;
  const checked = checkNow(model, { ...flags, waits: true, countsAsOpen: true }, undefined);
  if ('code' in checked) return checked.code;
  const order = acceptOrder(model, {
    ...flags,
    orderId: takeOrderId(model),
    clientOrderId,
    expiresAtMs: 0,
    displayLots: 0,
    selfTradeScope: 'account',
    attached: undefined,
    linkedOrderId: 0,
    parentOrderId: 0,
  });
  order.state = 'twap';
  order.twap = { startMs: model.timeMs, durationMs, slices, slicesDone: 0 };
  model.events.push({ kind: 'twapStarted', orderId: order.orderId, durationMs, slices });
  tradeSlice(model, order);
  return 0;
}

function checkTwapFit(market: ModelMarket, command: PlaceTwap): RejectCode | 0 {
  const { sizeLots, reduceOnly, clientOrderId, durationMs, slices } = command;
  if (!isBetween(sizeLots, 1, market.spec.maxPositionLots)) return REJECT_CODES.SIZE_OUT_OF_RANGE;
  const countable = isBetween(slices, 1, Number.MAX_SAFE_INTEGER);
  if (!reduceOnly && countable && isTooSmall(market, 0, Math.floor(sizeLots / slices))) {
    return REJECT_CODES.NOTIONAL_TOO_SMALL;
  }
  if (!isName(clientOrderId)) return REJECT_CODES.CLIENT_ORDER_ID_INVALID;
  const fits =
    isBetween(durationMs, TWAP_DURATION_MS_MIN, TWAP_DURATION_MS_MAX) &&
    isBetween(slices, 2, sizeLots) &&
    durationMs >= TWAP_SLICE_MS_MIN * (slices - 1);
  return fits ? 0 : REJECT_CODES.SCHEDULE_INVALID;
}

/** Every order with a slice due has one turn, for all its due slices together. */
export function tradeDueSlices(model: Model): void {
  const due = model.orders
    .filter((order) => order.state === 'twap' && nextDueMs(order) <= model.timeMs)
    .sort((a, b) => nextDueMs(a) - nextDueMs(b) || a.orderId - b.orderId);
  for (const order of due.slice(0, TWAPS_PER_COMMAND_MAX)) if (order.state === 'twap') tradeSlice(model, order);
}

function nextDueMs(order: ModelOrder): number {
  const { startMs, durationMs, slices, slicesDone } = found(order.twap, 'twap');
  return startMs + Math.floor((durationMs * slicesDone) / (slices - 1));
}

function tradeSlice(model: Model, order: ModelOrder): void {
  while (found(order.twap, 'twap').slicesDone < found(order.twap, 'twap').slices && nextDueMs(order) <= model.timeMs) {
    const twap = found(order.twap, 'twap');
    order.twap = { ...twap, slicesDone: twap.slicesDone + 1 };
  }
  const { slices, slicesDone } = found(order.twap, 'twap');
  const planned = Math.floor((order.sizeLots * slicesDone) / slices) - order.tradedLots;
  const { maxOrderLots } = marketOf(model, order.marketId).spec;
  const sizeLots = Math.min(planned, 3 * Math.ceil(order.sizeLots / slices), maxOrderLots);
  if (sizeLots > 0) {
    const { orderId } = order;
    const { filledLots, code } = trySlice(model, order, sizeLots);
    model.events.push({ kind: 'twapSlice', orderId, slice: slicesDone, sizeLots, filledLots, code });
  }
  if (order.remainingLots === 0) closeOrder(model, order, 'filled');
  else if (slicesDone === slices) closeOrder(model, order, 'twapEnded');
}

function trySlice(model: Model, order: ModelOrder, sizeLots: number): { filledLots: number; code: RejectCode | 0 } {
  const checked = checkNow(model, { ...order, sizeLots, waits: false, countsAsOpen: false }, order);
  if ('code' in checked) return { filledLots: 0, code: checked.code };
  const { accountId, marketId, side, selfTrade, selfTradeScope, orderId } = order;
  const taker: Taker = {
    accountId,
    marketId,
    side,
    limitTicks: checked.terms.priceTicks,
    selfTrade,
    selfTradeScope,
    order,
    orderId,
    leftLots: checked.terms.sizeLots,
    filledLots: 0,
    cashAtoms: 0n,
    ended: undefined,
  };
  matchTaker(model, taker);
  return { filledLots: taker.filledLots, code: 0 };
}
