import type { OrderId } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState, MarketState } from '../state.ts';
import { dropFirst, firstId, firstKey, type IdQueue } from '../timers/idQueue.ts';
import { queueFired } from './firedQueue.ts';
import { takeTrailing } from './trailingStops.ts';

/**
 * The market's mark changed: trailing stops follow it, and the orders whose condition holds now get their turns, by id.
 * Costs are those of the orders that fire, however many wait.
 */
export function collectFired(state: EngineState, market: MarketState): void {
  const met: OrderRecord[] = [];
  takeReached(state, market.firesAbove, market.markTicks, met);
  takeReached(state, market.firesBelow, -market.markTicks, met);
  takeTrailing(state, market, met);
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
