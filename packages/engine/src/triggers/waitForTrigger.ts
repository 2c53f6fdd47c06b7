import { assert, type Event, type PriceTicks } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState } from '../state.ts';
import { addToQueue, type IdQueue, sweepQueue } from '../timers/idQueue.ts';
import { watchExpiry } from '../timers/watchExpiry.ts';
import { addTrailing } from './trailingStops.ts';

/** Puts an accepted order aside until mark reaches its trigger. */
export function waitForTrigger(state: EngineState, order: OrderRecord, events: Event[]): void {
  const { trigger, orderId } = order;
  assert(trigger !== undefined && order.state === 'incoming', 'an order without a trigger', orderId);
  order.firesAtTicks = trigger.triggerTicks;
  joinWaiting(state, order, 'waiting');
  if (trigger.kind === 'trailingStop') {
    addTrailing(state, order, order.holding.market.markTicks);
    events.push({ kind: 'orderWaiting', orderId, triggerTicks: trailingTicks(order) });
  } else {
    watchMark(state, order);
    events.push({ kind: 'orderWaiting', orderId, triggerTicks: trigger.triggerTicks });
  }
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

/** Orders mostly come in the order of their ids. */
function insertById(orders: OrderRecord[], order: OrderRecord): void {
  let place = orders.length;
  while (place > 0 && orders[place - 1]!.orderId > order.orderId) place -= 1;
  if (place === orders.length) orders.push(order);
  else orders.splice(place, 0, order);
}

/** Takes an order out of the waiting ones: it fired, or it is over. Queues forget it when they come to it. */
export function leaveWaiting(state: EngineState, order: OrderRecord): void {
  const { holding, orderId } = order;
  const place = holding.waiting.indexOf(order);
  assert(place >= 0 && state.waiting.delete(orderId), 'an order that does not wait', orderId);
  holding.waiting.splice(place, 1);
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

/** Where a trailing stop fires if the mark gets no better; no mark comes beyond the market's prices. */
function trailingTicks({ side, trigger, holding }: OrderRecord): PriceTicks {
  const { markTicks, spec } = holding.market;
  const { trailTicks } = trigger!;
  return side === 'sell' ? Math.max(1, markTicks - trailTicks) : Math.min(spec.maxPriceTicks, markTicks + trailTicks);
}

/** Whether mark has reached the trigger of a waiting order, not of a trailing stop. */
export function isMet(order: OrderRecord): boolean {
  const { markTicks } = order.holding.market;
  return firesWhenRising(order) ? markTicks >= order.firesAtTicks : markTicks <= order.firesAtTicks;
}

/** Lets the market find the order, no trailing stop, when its mark moves. */
export function watchMark(state: EngineState, order: OrderRecord): void {
  const { market } = order.holding;
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
