import type { Event, OrderRequest } from '@keel/types';
import { toOrderId } from '@keel/types';
import type { AccountState, EngineState } from '../state.ts';
import { knownOrderId } from './orderNames.ts';
import { placeRequest } from './placeRequest.ts';
import type { ItemOutcome } from './runBatch.ts';

/** Places one order of a batch. */
export function placeItem(
  state: EngineState,
  account: AccountState,
  request: OrderRequest,
  events: Event[],
): ItemOutcome {
  const orderId = knownOrderId(account, request.clientOrderId) ?? toOrderId(state.nextOrderId);
  const code = placeRequest(state, account, request, events);
  return code === undefined ? { orderId, code: 0 } : { orderId: 0, code };
}
