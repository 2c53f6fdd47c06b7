import type { Event } from '@keel/types';
import { reducibleLots } from '../margin/openSize.ts';
import type { EngineState, Holding } from '../state.ts';
import { closeOrder } from './closeOrder.ts';
import { shrinkOrder } from './shrinkOrder.ts';

/**
 * After a position changed: no resting reduce-only order may be larger than the position it reduces. One with nothing
 * left to reduce is closed, a larger one shrinks and keeps its place. Attached orders go with their position too, though
 * they only wait. Newest first.
 */
export function trimReduceOnly(state: EngineState, holding: Holding, events: Event[]): void {
  if (holding.restingReduceOnly > 0) trimResting(state, holding, events);
  if (holding.waiting.length > 0) closeAttached(state, holding, events);
}

function trimResting(state: EngineState, holding: Holding, events: Event[]): void {
  const orders = holding.resting.filter((order) => order.reduceOnly).sort((a, b) => b.orderId - a.orderId);
  for (const order of orders) {
    // Closing one may have taken a linked one with it.
    if (order.state !== 'resting') continue;
    const lots = reducibleLots(holding, order.side);
    if (lots <= 0) {
      closeOrder(state, order, 'reduceOnlyNothingLeft', events);
    } else if (order.remainingLots > lots) {
      shrinkOrder(state, order, order.remainingLots - lots);
      events.push({ kind: 'orderRested', orderId: order.orderId, remainingLots: order.remainingLots });
    }
  }
}

function closeAttached(state: EngineState, holding: Holding, events: Event[]): void {
  const { waiting } = holding;
  for (let i = waiting.length - 1; i >= 0; i -= 1) {
    const order = waiting[i];
    if (order === undefined || order.parentOrderId === 0) continue;
    if (reducibleLots(holding, order.side) <= 0) closeOrder(state, order, 'reduceOnlyNothingLeft', events);
  }
}
