import type { MarketId } from '@keel/types';
import { closeLinked, closeOrder } from './closeOrder.ts';
import { checkNow } from './checkNow.ts';
import { workOrder } from './matchOrder.ts';
import { findOrder, found, type Model, type ModelOrder, marketOf } from './model.ts';

/** Orders that are carried out per step; the rest of the queue comes with the next. */
const FIRED_PER_STEP_MAX = 64;

/** Whether the market's mark is where the order fires. */
export function conditionHolds(model: Model, order: ModelOrder): boolean {
  const { trigger, side, marketId, bestTicks } = order;
  const { markTicks } = marketOf(model, marketId);
  if (trigger === undefined || markTicks === 0) return false;
  if (trigger.kind === 'trailingStop') {
    return side === 'sell' ? markTicks <= bestTicks - trigger.trailTicks : markTicks >= bestTicks + trigger.trailTicks;
  }
  const firesAbove = (trigger.kind === 'stop') === (side === 'buy');
  return firesAbove ? markTicks >= trigger.triggerTicks : markTicks <= trigger.triggerTicks;
}

/** The mark changed: trailing stops follow it, and whose condition holds now joins the queue. */
export function noteMark(model: Model, marketId: MarketId): void {
  const { markTicks } = marketOf(model, marketId);
  const waiting = model.orders
    .filter((order) => order.state === 'waiting' && order.marketId === marketId)
    .sort((a, b) => a.orderId - b.orderId);
  for (const order of waiting) {
    order.bestTicks =
      order.side === 'sell' ? Math.max(order.bestTicks, markTicks) : Math.min(order.bestTicks, markTicks);
    if (!model.fireQueue.includes(order.orderId) && conditionHolds(model, order)) model.fireQueue.push(order.orderId);
  }
}

/** Carries out queued orders, first come first served; those of a halted market stay where they are. */
export function fireTriggers(model: Model): void {
  for (let fired = 0; fired < FIRED_PER_STEP_MAX; fired += 1) {
    const orderId = model.fireQueue.find((queued) => {
      const { marketId } = found(findOrder(model, queued), `queued order ${queued}`);
      return marketOf(model, marketId).status !== 'halted';
    });
    if (orderId === undefined) return;
    model.fireQueue = model.fireQueue.filter((queued) => queued !== orderId);
    fireOrder(model, found(findOrder(model, orderId), `order ${orderId}`));
  }
}

function fireOrder(model: Model, order: ModelOrder): void {
  const { markTicks } = marketOf(model, order.marketId);
  model.events.push({ kind: 'orderTriggered', orderId: order.orderId, markTicks });
  closeLinked(model, order);
  const checked = checkNow(model, { ...order, sizeLots: order.remainingLots, waits: false, countsAsOpen: false }, order);
  if ('code' in checked) {
    closeOrder(model, order, 'triggerRefused', checked.code);
    return;
  }
  order.timeInForce = checked.terms.timeInForce;
  order.priceTicks = checked.terms.priceTicks;
  order.remainingLots = checked.terms.sizeLots;
  workOrder(model, order);
}
