import type { OrderId } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState, MarketState } from '../state.ts';
import { dropFirst, firstId, firstKey, type IdQueue } from '../timers/idQueue.ts';
import { queueFired } from './firedQueue.ts';
import { isMet, trailingTicks } from './waitForTrigger.ts';

/**
 * The market's mark changed: trailing stops follow it, and the orders whose condition holds now get their turns, by id.
 * Costs a look at each trailing stop of the market; of the others only those that fire are touched.
 */
export function collectFired(state: EngineState, market: MarketState): void {
  const met: OrderRecord[] = [];
  takeReached(state, market.firesAbove, market.markTicks, met);
  takeReached(state, market.firesBelow, -market.markTicks, met);
  if (market.trailing.length > 0) takeTrailing(state, market, met);
  if (met.length > 1) met.sort((a, b) => a.orderId - b.orderId);
  for (const order of met) queueFired(state, order);
}

function takeReached(state: EngineState, queue: IdQueue, reached: number, met: OrderRecord[]): void {
  while (firstKey(queue) <= reached) {
    const order = state.waiting.get(firstId(queue) as OrderId);
    dropFirst(queue);
    // An attached order may have been met when it came to life.
    if (order !== undefined && !order.fired) met.push(order);
  }
}

/** Those that fire leave the market's list, the others stay in order. */
function takeTrailing(state: EngineState, market: MarketState, met: OrderRecord[]): void {
  const { trailing } = market;
  let kept = 0;
  for (const order of trailing) {
    followMark(state, order, market);
    if (isMet(order)) {
      met.push(order);
    } else {
      trailing[kept] = order;
      kept += 1;
    }
  }
  trailing.length = kept;
}

function followMark(state: EngineState, order: OrderRecord, market: MarketState): void {
  const ticks = trailingTicks(order, market);
  if (order.side === 'sell' ? ticks <= order.firesAtTicks : ticks >= order.firesAtTicks) return;
  order.firesAtTicks = ticks;
  state.dirty.orders.add(order.orderId);
}
