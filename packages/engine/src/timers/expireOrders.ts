import type { Event } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import { EXPIRED_PER_COMMAND } from '../limits.ts';
import type { EngineState } from '../state.ts';
import { dropFirst, firstId, firstKey } from './idQueue.ts';
import { expiringOrder } from './watchExpiry.ts';

/**
 * Closes the orders whose time is over, by time and then by id. Those beyond the bound go with the next commands; they
 * never trade in between, because matching closes one that it meets.
 */
export function expireOrders(state: EngineState, events: Event[]): void {
  const { expiries, timeMs } = state;
  for (let closed = 0; closed < EXPIRED_PER_COMMAND && firstKey(expiries) <= timeMs; ) {
    const order = expiringOrder(state, firstKey(expiries), firstId(expiries));
    dropFirst(expiries);
    if (order === undefined) continue;
    closeOrder(state, order, 'expired', events);
    closed += 1;
  }
}
