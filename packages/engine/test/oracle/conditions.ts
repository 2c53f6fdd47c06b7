import type { MarketId, PriceTicks, Trigger } from '@keel/types';
import { type Model, type ModelOrder, marketOf } from './model.ts';

/** Whether the market's mark is where the order fires. */
export function conditionHolds(model: Model, order: ModelOrder): boolean {
  const { trigger, side } = order;
  const { markTicks } = marketOf(model, order.marketId);
  if (trigger === undefined || markTicks === 0) return false;
  const firesAbove = (trigger.kind === 'takeProfit') === (side === 'sell');
  const triggerTicks = triggerOf(model, order, trigger);
  return firesAbove ? markTicks >= triggerTicks : markTicks <= triggerTicks;
}

/** The mark that fires the order: a trailing stop's follows the best mark since it was accepted. */
export function triggerOf(model: Model, { side, marketId, bestTicks }: ModelOrder, trigger: Trigger): PriceTicks {
  if (trigger.kind !== 'trailingStop') return trigger.triggerTicks;
  const { maxPriceTicks } = marketOf(model, marketId).spec;
  return side === 'sell'
    ? Math.max(1, bestTicks - trigger.trailTicks)
    : Math.min(maxPriceTicks, bestTicks + trigger.trailTicks);
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
