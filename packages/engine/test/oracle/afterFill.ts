import type { AccountId, AttachedOrders, MarketId, OrderId, PriceTicks, TriggerKind } from '@keel/types';
import { acceptOrder } from './acceptOrder.ts';
import { closeAlone, closeOrder, cutLink, shrinkOrder } from './closeOrder.ts';
import { conditionHolds } from './conditions.ts';
import {
  findOrder,
  findProtection,
  type Model,
  type ModelOrder,
  type ModelProtection,
  ordersOfAccount,
  otherSide,
  positionOf,
  reducibleLots,
  takeOrderId,
} from './model.ts';

/** What a fill means for the orders of one side of it. */
export function afterFill(model: Model, order: ModelOrder): void {
  // Cut first, so that a partner that goes with the position does not take the order that traded with it.
  const partner = cutLink(model, order);
  trimReduceOnly(model, order.accountId, order.marketId);
  if (partner !== undefined && partner.state !== 'over') closeAlone(model, partner, 'linkedOrder');
  growAttached(model, order);
}

/** No resting reduce-only order is larger than its position. Attached ones that wait go with the position. Newest first. */
export function trimReduceOnly(model: Model, accountId: AccountId, marketId: MarketId): void {
  const newestFirst = ordersOfAccount(model, accountId)
    .filter((order) => order.marketId === marketId && order.reduceOnly)
    .reverse();
  for (const order of newestFirst) {
    const reducible = reducibleLots(model, accountId, marketId, order.side);
    if (order.state === 'resting' && order.remainingLots > reducible) {
      if (reducible === 0) {
        closeOrder(model, order, 'reduceOnlyNothingLeft');
      } else {
        shrinkOrder(order, order.remainingLots - reducible);
        model.events.push({ kind: 'orderRested', orderId: order.orderId, remainingLots: reducible });
      }
    }
  }
  for (const order of newestFirst) {
    if (order.state !== 'waiting' || order.parentOrderId === 0) continue;
    if (reducibleLots(model, accountId, marketId, order.side) === 0) closeOrder(model, order, 'reduceOnlyNothingLeft');
  }
}

function growAttached(model: Model, parent: ModelOrder): void {
  const { attached } = parent;
  if (attached === undefined) return;
  const { sizeLots } = positionOf(model, parent.accountId, parent.marketId);
  if (parent.side === 'buy' ? sizeLots <= 0 : sizeLots >= 0) return;
  const open = parent.children.map((orderId) => findOrder(model, orderId)).filter((child) => child !== undefined);
  if (open.length === 0) createChildren(model, parent, attached);
  for (const child of open) {
    if (child.state !== 'waiting') continue;
    child.sizeLots = parent.tradedLots;
    child.remainingLots = parent.tradedLots;
    model.events.push({
      kind: 'orderAmended',
      orderId: child.orderId,
      accountId: child.accountId,
      marketId: child.marketId,
      clientOrderId: '',
      priceTicks: child.priceTicks,
      sizeLots: child.sizeLots,
      remainingLots: child.remainingLots,
      keptPlace: true,
    });
  }
}

function createChildren(model: Model, parent: ModelOrder, attached: AttachedOrders): void {
  const { takeProfitTicks, takeProfitLimitTicks, stopLossTicks, stopLossLimitTicks } = attached;
  const takeProfitId = takeProfitTicks === 0 ? 0 : takeOrderId(model);
  const stopLossId = stopLossTicks === 0 ? 0 : takeOrderId(model);
  const children: ModelOrder[] = [];
  const create = (id: OrderId | 0, linked: OrderId | 0, kind: TriggerKind, ticks: PriceTicks, limit: PriceTicks) => {
    if (id !== 0) children.push(createChild(model, parent, id, linked, kind, ticks, limit));
  };
  create(takeProfitId, stopLossId, 'takeProfit', takeProfitTicks, takeProfitLimitTicks);
  create(stopLossId, takeProfitId, 'stop', stopLossTicks, stopLossLimitTicks);
  parent.children = children.map(({ orderId }) => orderId);
  for (const child of children) {
    const { triggerTicks } = child.trigger!;
    model.events.push({ kind: 'orderWaiting', orderId: child.orderId, triggerTicks });
    if (conditionHolds(model, child)) model.fireQueue.push(child.orderId);
  }
}

function createChild(
  model: Model,
  parent: ModelOrder,
  orderId: OrderId,
  linkedOrderId: OrderId | 0,
  kind: TriggerKind,
  triggerTicks: PriceTicks,
  limitTicks: PriceTicks,
): ModelOrder {
  const order = acceptOrder(model, {
    orderId,
    accountId: parent.accountId,
    marketId: parent.marketId,
    side: otherSide(parent.side),
    orderType: limitTicks === 0 ? 'market' : 'limit',
    timeInForce: limitTicks === 0 ? 'ioc' : 'gtc',
    priceTicks: limitTicks,
    sizeLots: parent.tradedLots,
    reduceOnly: true,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: parent.selfTrade,
    selfTradeScope: parent.selfTradeScope,
    trigger: { kind, triggerTicks, trailTicks: 0 },
    attached: undefined,
    linkedOrderId,
    parentOrderId: parent.orderId,
  });
  order.state = 'waiting';
  return order;
}

/** Counts a fill of a resting order for its account's protection, and fires it when a bound is passed. */
export function countForProtection(model: Model, maker: ModelOrder, lots: number): void {
  const { accountId, marketId } = maker;
  const protection = findProtection(model, accountId, marketId);
  if (protection === undefined || protection.windowMs === 0 || protection.frozen) return;
  if (protection.startMs === 0 || model.timeMs >= protection.startMs + protection.windowMs) {
    protection.startMs = model.timeMs;
    protection.filledLots = 0;
    protection.netLots = 0;
    protection.fills = 0;
  }
  protection.filledLots += lots;
  protection.netLots += maker.side === 'buy' ? lots : -lots;
  protection.fills += 1;
  const cause = passedBound(protection);
  if (cause === undefined) return;
  protection.frozen = true;
  model.events.push({ kind: 'marketMakerProtectionFired', accountId, marketId, cause });
  for (const order of ordersOfAccount(model, accountId)) {
    if (order.marketId !== marketId || order.reduceOnly) continue;
    if (order.state === 'resting' || order.state === 'waiting') closeOrder(model, order, 'marketMakerProtection');
  }
}

function passedBound(protection: ModelProtection): 'quantity' | 'delta' | 'count' | undefined {
  const { quantityLots, deltaLots, fillCount, filledLots, netLots, fills } = protection;
  if (quantityLots > 0 && filledLots > quantityLots) return 'quantity';
  if (deltaLots > 0 && Math.abs(netLots) > deltaLots) return 'delta';
  if (fillCount > 0 && fills > fillCount) return 'count';
  return undefined;
}
