import { assert, type Event, type PriceTicks } from '@keel/types';
import { insertById } from '../book/restOrder.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState, MarketState } from '../state.ts';
import { addToQueue, type IdQueue, sweepQueue } from '../timers/idQueue.ts';
import { watchExpiry } from '../timers/watchExpiry.ts';

/** Puts an accepted order aside until mark reaches its trigger. */
export function waitForTrigger(state: EngineState, order: OrderRecord, events: Event[]): void {
  const { trigger, holding, orderId } = order;
  assert(trigger !== undefined && order.state === 'incoming', 'an order without a trigger', orderId);
  const { market } = holding;
  order.firesAtTicks = trigger.kind === 'trailingStop' ? trailingTicks(order, market) : trigger.triggerTicks;
  joinWaiting(state, order, 'waiting');
  watchMark(state, order);
  // Of a trailing stop it may lie outside the market's prices, where no mark comes.
  const triggerTicks = Math.min(Math.max(order.firesAtTicks, 1), market.spec.maxPriceTicks);
  events.push({ kind: 'orderWaiting', orderId, triggerTicks });
}

/** Counts the order among its account's open ones, outside the book. */
export function joinWaiting(state: EngineState, order: OrderRecord, as: 'waiting' | 'twap'): void {
  order.state = as;
  insertById(order.holding.waiting, order);
  state.waiting.set(order.orderId, order);
  if (order.expiresAtMs !== 0) watchExpiry(state, order);
  order.holding.account.openOrders += 1;
  state.openOrders += 1;
  state.dirty.orders.add(order.orderId);
}

/** Takes an order out of the waiting ones: it fired, or it is over. Queues forget it when they come to it. */
export function leaveWaiting(state: EngineState, order: OrderRecord): void {
  const { holding, orderId } = order;
  const place = holding.waiting.indexOf(order);
  assert(place >= 0 && state.waiting.delete(orderId), 'an order that does not wait', orderId);
  holding.waiting.splice(place, 1);
  const { trailing } = holding.market;
  if (order.trigger?.kind === 'trailingStop' && !order.fired) trailing.splice(trailing.indexOf(order), 1);
  order.state = 'incoming';
  order.firesAtTicks = 0;
  order.fired = false;
  holding.account.openOrders -= 1;
  state.openOrders -= 1;
  state.dirty.orders.add(orderId);
}

/** Whether the order fires when mark rises to its trigger, and not when it falls to it. */
export function firesWhenRising({ side, trigger }: Pick<OrderRecord, 'side' | 'trigger'>): boolean {
  return (side === 'buy') === (trigger?.kind !== 'takeProfit');
}

/** Trigger of a trailing stop whose best mark is the present one. */
export function trailingTicks({ side, trigger }: OrderRecord, { markTicks }: MarketState): PriceTicks {
  const { trailTicks } = trigger!;
  return side === 'sell' ? markTicks - trailTicks : markTicks + trailTicks;
}

/** Whether mark has reached the trigger of a waiting order. */
export function isMet(order: OrderRecord): boolean {
  const { markTicks } = order.holding.market;
  return firesWhenRising(order) ? markTicks >= order.firesAtTicks : markTicks <= order.firesAtTicks;
}

/** Lets the market find the order when its mark moves. */
export function watchMark(state: EngineState, order: OrderRecord): void {
  const { market } = order.holding;
  if (order.trigger!.kind === 'trailingStop') {
    insertById(market.trailing, order);
    return;
  }
  const rising = firesWhenRising(order);
  const queue = rising ? market.firesAbove : market.firesBelow;
  const key = rising ? order.firesAtTicks : -order.firesAtTicks;
  sweepWaiting(state, queue);
  addToQueue(queue, key, order.orderId);
}

function sweepWaiting(state: EngineState, queue: IdQueue): void {
  sweepQueue(queue, state.waiting.size, (key, id) => {
    const order = state.waiting.get(id as OrderRecord['orderId']);
    return order !== undefined && !order.fired && order.firesAtTicks === Math.abs(key);
  });
}
