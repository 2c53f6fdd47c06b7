import type { Event, RejectCode, ReplaceOrder } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import { namedOrder } from '../orders/findOrder.ts';
import { knownOrderId } from '../orders/orderNames.ts';
import { acceptOrder, checkRequest, tellDuplicate } from '../orders/placeRequest.ts';
import { workOrder } from '../orders/workOrder.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Ends an open order and places another in its stead, or changes nothing. The new one may take over the old one's name. */
export function replaceOrder(state: EngineState, command: ReplaceOrder, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  const { replaced, order: request } = command;
  const old = namedOrder(state, account, replaced);
  // A repeat of a replacement that was carried out finds its new order, and no old one.
  const known = knownOrderId(account, request.clientOrderId);
  const ownName = typeof old !== 'number' && known === old.orderId;
  if (!ownName && tellDuplicate(account, request.clientOrderId, events)) return undefined;
  if (typeof old === 'number') return old;
  const checked = checkRequest(state, account, request, old);
  if (typeof checked === 'number') return checked;

  closeOrder(state, old, 'replaced', events);
  workOrder(state, acceptOrder(state, account, checked, events), events);
  return undefined;
}
