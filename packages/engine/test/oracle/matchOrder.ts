import type {
  AccountId,
  MarketId,
  OrderCloseReason,
  OrderId,
  PriceTicks,
  SelfTradePrevention,
  SelfTradeScope,
  Side,
  SizeLots,
} from '@keel/types';
import { afterFill, countForProtection, trimReduceOnly } from './afterFill.ts';
import { closeOrder, shrinkOrder } from './closeOrder.ts';
import {
  accountOf,
  crosses,
  type Model,
  type ModelOrder,
  marketOf,
  openInterestLots,
  otherSide,
  positionOf,
  restingOrders,
  takeOrderId,
} from './model.ts';
import { changePosition, feeOn, fillIsAllowed, valueAt } from './money.ts';

/** Whatever takes from the book: an order, a slice of a TWAP order, or a close-out (which is no order). */
export interface Taker {
  readonly accountId: AccountId;
  readonly marketId: MarketId;
  readonly side: Side;
  readonly limitTicks: PriceTicks;
  readonly selfTrade: SelfTradePrevention;
  readonly selfTradeScope: SelfTradeScope;
  /** Undefined for a close-out. */
  readonly order: ModelOrder | undefined;
  /** A close-out takes its id with its first fill. */
  orderId: OrderId | undefined;
  leftLots: SizeLots;
  filledLots: SizeLots;
  /** Received > 0, fees apart. */
  cashAtoms: bigint;
  /** Why it stops before the book or its size is at its end. */
  ended: OrderCloseReason | undefined;
}

/** One maker at a time, the front of the other side within the limit, until somebody or something is at an end. */
export function matchTaker(model: Model, taker: Taker): void {
  while (taker.leftLots > 0 && taker.ended === undefined && taker.order?.state !== 'over') {
    const maker = restingOrders(model, taker.marketId, otherSide(taker.side))[0];
    if (maker === undefined || !crosses(taker.side, taker.limitTicks, maker.priceTicks)) return;
    if (maker.expiresAtMs !== 0 && maker.expiresAtMs <= model.timeMs) closeOrder(model, maker, 'expired');
    else if (isOwn(model, taker, maker)) preventSelfTrade(model, taker, maker);
    else meetMaker(model, taker, maker);
  }
}

/** Lets an order that was just accepted, fired or amended trade; what is left of it rests or goes. */
export function workOrder(model: Model, order: ModelOrder): void {
  // One that fired or was amended after its time, and before it could be cleared away.
  if (order.expiresAtMs !== 0 && order.expiresAtMs <= model.timeMs) {
    closeOrder(model, order, 'expired');
    return;
  }
  order.state = 'working';
  order.decrementedLots = 0;
  const { orderId, accountId, marketId, side, selfTrade, selfTradeScope } = order;
  const taker: Taker = {
    accountId,
    marketId,
    side,
    limitTicks: order.priceTicks,
    selfTrade,
    selfTradeScope,
    order,
    orderId,
    leftLots: order.remainingLots,
    filledLots: 0,
    cashAtoms: 0n,
    ended: undefined,
  };
  matchTaker(model, taker);
  if (isOver(order)) return;
  if (order.remainingLots === 0) closeOrder(model, order, order.decrementedLots > 0 ? 'selfTrade' : 'filled');
  else if (taker.ended !== undefined) closeOrder(model, order, taker.ended);
  else if (order.timeInForce === 'ioc' || order.timeInForce === 'fok') closeOrder(model, order, 'immediateRemainder');
  else restOrder(model, order);
}

function isOver(order: ModelOrder): boolean {
  return order.state === 'over';
}

function restOrder(model: Model, order: ModelOrder): void {
  order.state = 'resting';
  showLots(model, order);
  model.events.push({ kind: 'orderRested', orderId: order.orderId, remainingLots: order.remainingLots });
}

/** Shows the next lots of an order, behind all others of its price. */
function showLots(model: Model, order: ModelOrder): void {
  order.shownLots = order.displayLots === 0 ? order.remainingLots : Math.min(order.displayLots, order.remainingLots);
  order.queuePlace = model.nextQueuePlace;
  model.nextQueuePlace += 1;
}

function isOwn(model: Model, taker: Taker, maker: ModelOrder): boolean {
  if (taker.selfTradeScope === 'account') return maker.accountId === taker.accountId;
  return accountOf(model, maker.accountId).owner === accountOf(model, taker.accountId).owner;
}

function preventSelfTrade(model: Model, taker: Taker, maker: ModelOrder): void {
  const { selfTrade, order } = taker;
  if (selfTrade === 'decrement') {
    decrementBoth(model, taker, maker);
    return;
  }
  if (selfTrade === 'expireMaker' || selfTrade === 'expireBoth') closeOrder(model, maker, 'selfTrade');
  if ((selfTrade === 'expireTaker' || selfTrade === 'expireBoth') && order?.state !== 'over') taker.ended = 'selfTrade';
}

function decrementBoth(model: Model, taker: Taker, maker: ModelOrder): void {
  const lots = Math.min(taker.leftLots, maker.remainingLots);
  taker.leftLots -= lots;
  if (taker.order !== undefined) {
    shrinkOrder(taker.order, lots);
    taker.order.decrementedLots += lots;
  }
  if (maker.remainingLots === lots) {
    // Its own lots are still on it, so that its end counts them.
    closeOrder(model, maker, 'selfTrade');
  } else {
    shrinkOrder(maker, lots);
    model.events.push({ kind: 'orderRested', orderId: maker.orderId, remainingLots: maker.remainingLots });
  }
}

function meetMaker(model: Model, taker: Taker, maker: ModelOrder): void {
  const { spec } = marketOf(model, taker.marketId);
  const lots = Math.min(taker.leftLots, maker.shownLots);
  const bought = taker.side === 'buy' ? lots : -lots;
  const { priceTicks, accountId, marketId } = maker;
  if (!fillIsAllowed(model, accountId, marketId, -bought, priceTicks, spec.makerFeePpm)) {
    closeOrder(model, maker, 'marginInsufficient');
  } else if (taker.order !== undefined && passesOpenInterestLimit(model, taker, maker, bought)) {
    taker.ended = 'openInterestLimit';
  } else if (
    taker.order !== undefined &&
    !fillIsAllowed(model, taker.accountId, marketId, bought, priceTicks, spec.takerFeePpm)
  ) {
    taker.ended = 'marginInsufficient';
  } else {
    fill(model, taker, maker, lots);
  }
}

function passesOpenInterestLimit(model: Model, taker: Taker, maker: ModelOrder, bought: SizeLots): boolean {
  const { marketId } = taker;
  const now = openInterestLots(model, marketId);
  const growth = (accountId: AccountId, lots: SizeLots) => {
    const { sizeLots } = positionOf(model, accountId, marketId);
    return Math.max(0, sizeLots + lots) - Math.max(0, sizeLots);
  };
  const then = now + growth(taker.accountId, bought) + growth(maker.accountId, -bought);
  return then > now && then > marketOf(model, marketId).spec.maxOpenInterestLots;
}

function fill(model: Model, taker: Taker, maker: ModelOrder, lots: SizeLots): void {
  const { marketId, side, order } = taker;
  const market = marketOf(model, marketId);
  const { priceTicks } = maker;
  const bought = side === 'buy' ? lots : -lots;
  const takerCash = Number(-valueAt(market, priceTicks, bought));
  taker.orderId ??= takeOrderId(model);
  const makerRealisedPnlAtoms = changePosition(model, maker.accountId, marketId, -bought, 0 - takerCash);
  const takerRealisedPnlAtoms = changePosition(model, taker.accountId, marketId, bought, takerCash);
  const makerFeeAtoms = Number(feeOn(market, priceTicks, lots, market.spec.makerFeePpm));
  const takerFeeAtoms = order === undefined ? 0 : Number(feeOn(market, priceTicks, lots, market.spec.takerFeePpm));
  accountOf(model, maker.accountId).collateralAtoms -= makerFeeAtoms;
  accountOf(model, taker.accountId).collateralAtoms -= takerFeeAtoms;
  taker.leftLots -= lots;
  taker.filledLots += lots;
  taker.cashAtoms += BigInt(takerCash);
  if (order !== undefined) {
    order.tradedLots += lots;
    order.remainingLots -= lots;
  }
  maker.tradedLots += lots;
  maker.remainingLots -= lots;
  maker.shownLots -= lots;
  model.events.push({
    kind: 'orderFilled',
    tradeId: model.nextTradeId,
    marketId,
    priceTicks,
    sizeLots: lots,
    takerSide: side,
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerAccountId: maker.accountId,
    takerAccountId: taker.accountId,
    makerFeeAtoms,
    takerFeeAtoms,
    makerRealisedPnlAtoms,
    takerRealisedPnlAtoms,
    makerRemainingLots: maker.remainingLots,
    liquidation: order === undefined,
  });
  model.nextTradeId += 1;
  if (maker.remainingLots === 0) {
    closeOrder(model, maker, 'filled');
  } else if (maker.shownLots === 0) {
    showLots(model, maker);
    model.events.push({ kind: 'orderReplenished', orderId: maker.orderId, shownLots: maker.shownLots });
  }
  afterFill(model, maker);
  if (order === undefined) trimReduceOnly(model, taker.accountId, marketId);
  else afterFill(model, order);
  countForProtection(model, maker, lots);
}
