import type { AmendOrders, Event, RejectCode } from '@keel/types';
import { amendNamed } from '../orders/amendNamed.ts';
import { idOfName } from '../orders/findOrder.ts';
import { runBatch } from '../orders/runBatch.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Amends up to BATCH_ITEMS_MAX open orders, each by itself. */
export function amendOrders(state: EngineState, command: AmendOrders, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  return runBatch(command.amendments, events, (amendment) => {
    const orderId = idOfName(account, amendment);
    const code = amendNamed(state, account, amendment, events);
    return code === undefined ? { orderId: orderId!, code: 0 } : { orderId: 0, code };
  });
}
