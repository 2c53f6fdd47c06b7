import type { Event, OrderId, PriceTicks, TriggerKind } from '@keel/types';
import { orderIn } from '../orders/findOrder.ts';
import { type OrderRecord, takeRecord } from '../orders/orderRecord.ts';
import { tellAccepted } from '../orders/tellAccepted.ts';
import { tellAmended } from '../orders/tellAmended.ts';
import type { EngineState } from '../state.ts';
import { queueFired } from './firedQueue.ts';
import { isMet, waitForTrigger } from './waitForTrigger.ts';

/**
 * After a fill of an order with attached ones: as soon as the position is on its side they come to life over the lots
 * that it has traded, and each further fill makes them larger. One that is over does not come back alone; when all are
 * over, the next fill makes new ones. The order itself may be over already.
 */
export function growAttached(state: EngineState, parent: OrderRecord, events: Event[]): void {
  const { side, holding } = parent;
  if (side === 'buy' ? holding.sizeLots <= 0 : holding.sizeLots >= 0) return;
  // An order on its way through the book is not told when an attached one closes.
  parent.takeProfitId = openId(state, parent, parent.takeProfitId);
  parent.stopLossId = openId(state, parent, parent.stopLossId);
  if (parent.takeProfitId === 0 && parent.stopLossId === 0) {
    createAttached(state, parent, events);
  } else {
    growOne(state, parent, parent.takeProfitId, events);
    growOne(state, parent, parent.stopLossId, events);
  }
  state.dirty.orders.add(parent.orderId);
}

function openId(state: EngineState, { holding }: OrderRecord, orderId: OrderId | 0): OrderId | 0 {
  return orderId !== 0 && orderIn(state, holding.market, orderId) !== undefined ? orderId : 0;
}

/** Both are accepted before either waits: each names the other from the start. */
function createAttached(state: EngineState, parent: OrderRecord, events: Event[]): void {
  const { takeProfitTicks, takeProfitLimitTicks, stopLossTicks, stopLossLimitTicks } = parent.attached!;
  const takeProfit = createOne(state, parent, 'takeProfit', takeProfitTicks, takeProfitLimitTicks);
  const stopLoss = createOne(state, parent, 'stop', stopLossTicks, stopLossLimitTicks);
  parent.takeProfitId = takeProfit?.orderId ?? 0;
  parent.stopLossId = stopLoss?.orderId ?? 0;
  if (takeProfit !== undefined) {
    takeProfit.linkedOrderId = parent.stopLossId;
    tellAccepted(takeProfit, events);
  }
  if (stopLoss !== undefined) {
    stopLoss.linkedOrderId = parent.takeProfitId;
    tellAccepted(stopLoss, events);
  }
  if (takeProfit !== undefined) watchOne(state, takeProfit, events);
  if (stopLoss !== undefined) watchOne(state, stopLoss, events);
}

function createOne(
  state: EngineState,
  parent: OrderRecord,
  kind: TriggerKind,
  triggerTicks: PriceTicks,
  limitTicks: PriceTicks,
): OrderRecord | undefined {
  if (triggerTicks === 0) return undefined;
  const child = takeRecord(state, {
    holding: parent.holding,
    side: parent.side === 'buy' ? 'sell' : 'buy',
    orderType: limitTicks === 0 ? 'market' : 'limit',
    timeInForce: limitTicks === 0 ? 'ioc' : 'gtc',
    priceTicks: limitTicks,
    sizeLots: tradedLots(parent),
    displayLots: 0,
    reduceOnly: true,
    clientOrderId: '',
    expiresAtMs: 0,
    selfTrade: parent.selfTrade,
    selfTradeScope: parent.selfTradeScope,
    trigger: { kind, triggerTicks, trailTicks: 0 },
    attached: undefined,
  });
  child.parentOrderId = parent.orderId;
  return child;
}

/** Mark may have passed the trigger while the order rested: then its turn comes at once. */
function watchOne(state: EngineState, child: OrderRecord, events: Event[]): void {
  waitForTrigger(state, child, events);
  if (isMet(child)) queueFired(state, child);
}

/** One that has fired and rests is left as it is. */
function growOne(state: EngineState, parent: OrderRecord, childId: OrderId | 0, events: Event[]): void {
  const child = childId === 0 ? undefined : state.waiting.get(childId);
  if (child === undefined) return;
  child.sizeLots = tradedLots(parent);
  child.remainingLots = child.sizeLots;
  state.dirty.orders.add(child.orderId);
  tellAmended(child, true, events);
}

function tradedLots({ sizeLots, remainingLots }: OrderRecord): number {
  return sizeLots - remainingLots;
}
