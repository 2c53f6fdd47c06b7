import type { Event } from '@keel/types';
import { closeLinked, closeOrder } from '../book/closeOrder.ts';
import { FIRED_PER_STEP } from '../limits.ts';
import { checkNow } from '../orders/checkNow.ts';
import { definiteTerms, type OrderTerms } from '../orders/definiteTerms.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import { requestOf } from '../orders/requestOf.ts';
import { tradeOrder } from '../orders/workOrder.ts';
import type { EngineState } from '../state.ts';
import { takeFired } from './firedQueue.ts';
import { leaveWaiting } from './waitForTrigger.ts';

/**
 * Carries out orders whose trigger was met, first come first served. However many a jump of the mark met, a command
 * carries out so many; the rest has its turns in the steps that follow.
 */
export function fireTriggers(state: EngineState, events: Event[]): void {
  for (let turns = 0; turns < FIRED_PER_STEP; turns += 1) {
    const order = takeFired(state);
    if (order === undefined) return;
    fireOrder(state, order, events);
  }
}

/** From here on it is an order like one that has just been placed: checked as such, and closed when it is refused. */
function fireOrder(state: EngineState, order: OrderRecord, events: Event[]): void {
  const { account, market } = order.holding;
  leaveWaiting(state, order);
  events.push({ kind: 'orderTriggered', orderId: order.orderId, markTicks: market.markTicks });
  closeLinked(state, order, events);
  const request = requestOf(order);
  const terms = definiteTerms(account, market, request, undefined);
  const code = checkNow(state, account, market, request, terms, undefined, 0);
  if (code !== undefined) {
    closeOrder(state, order, 'triggerRefused', events, code);
    return;
  }
  takeTerms(order, terms);
  tradeOrder(state, order, events);
}

/** A reduce-only order is cut to the position; what is cut off was never open. */
function takeTerms(order: OrderRecord, { limitTicks, sizeLots }: OrderTerms): void {
  order.priceTicks = limitTicks;
  order.sizeLots -= order.remainingLots - sizeLots;
  order.remainingLots = sizeLots;
}
