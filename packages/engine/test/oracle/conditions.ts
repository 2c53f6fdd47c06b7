import type { MarketId } from '@keel/types';
import { type Model, type ModelOrder, marketOf } from './model.ts';

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
