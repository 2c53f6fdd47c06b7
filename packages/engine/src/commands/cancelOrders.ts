import type { CancelOrders, Event, RejectCode } from '@keel/types';
import { cancelNamed } from '../orders/cancelNamed.ts';
import { idOfName } from '../orders/findOrder.ts';
import { runBatch } from '../orders/runBatch.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Ends up to BATCH_ITEMS_MAX open orders, each by itself. */
export function cancelOrders(state: EngineState, command: CancelOrders, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  return runBatch(command.orders, events, (name) => {
    const orderId = idOfName(account, name);
    const code = cancelNamed(state, account, name, events);
    return code === undefined ? { orderId: orderId!, code: 0 } : { orderId: 0, code };
  });
}
