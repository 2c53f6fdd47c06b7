import { assert, type Event, type OrderCloseReason } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import { crosses } from '../book/crosses.ts';
import { matchTaker, type Taker } from '../book/matchTaker.ts';
import { restOrder } from '../book/restOrder.ts';
import type { EngineState } from '../state.ts';
import { waitForTrigger } from '../triggers/waitForTrigger.ts';
import { isExpired, type OrderRecord } from './orderRecord.ts';

/** Lets an accepted order wait for its trigger, or trade what it can and rest or close the rest. */
export function workOrder(state: EngineState, order: OrderRecord, events: Event[]): void {
  if (order.trigger !== undefined) waitForTrigger(state, order, events);
  else tradeOrder(state, order, events);
}

/** Trades an incoming order at once; what is left rests or closes. One whose time is over closes `expired`. */
export function tradeOrder(state: EngineState, order: OrderRecord, events: Event[]): void {
  const { holding, side, timeInForce } = order;
  assert(order.state === 'incoming', 'an order that works twice', order.orderId);
  // An older one that fired or was amended before it could be cleared away.
  if (isExpired(state, order)) {
    closeOrder(state, order, 'expired', events);
    return;
  }
  let endedBy: OrderCloseReason | undefined;
  if (crosses(holding.market.book, side, order.priceTicks)) {
    const taker = takerOf(order);
    matchTaker(state, taker, events);
    endedBy = settleTaker(order, taker);
  }
  if (order.remainingLots === 0) {
    closeOrder(state, order, endedBy ?? 'filled', events);
  } else if (endedBy !== undefined || timeInForce === 'ioc' || timeInForce === 'fok') {
    closeOrder(state, order, endedBy ?? 'immediateRemainder', events);
  } else {
    restOrder(state, order);
    events.push({ kind: 'orderRested', orderId: order.orderId, remainingLots: order.remainingLots });
  }
}

function takerOf(order: OrderRecord): Taker {
  return {
    orderId: order.orderId,
    order,
    holding: order.holding,
    side: order.side,
    limitTicks: order.priceTicks,
    selfTrade: order.selfTrade,
    selfTradeScope: order.selfTradeScope,
    liquidation: false,
    remainingLots: order.remainingLots,
    cashAtoms: 0,
    decrementedLots: 0,
    endedBy: undefined,
  };
}

/**
 * What matching did to the order itself. Lots that went against its own orders are neither open nor traded: one that
 * rests is smaller by them, one that ends never traded them.
 */
function settleTaker(
  order: OrderRecord,
  { remainingLots, decrementedLots, endedBy }: Taker,
): OrderCloseReason | undefined {
  order.remainingLots = remainingLots;
  if (decrementedLots === 0) return endedBy;
  const ends = endedBy ?? (remainingLots === 0 ? 'selfTrade' : undefined);
  const drops = order.timeInForce === 'ioc' || order.timeInForce === 'fok';
  if (ends !== undefined || drops) order.remainingLots += decrementedLots;
  else order.sizeLots -= decrementedLots;
  return ends;
}
