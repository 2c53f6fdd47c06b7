import { type Event, type PlaceOrders, REJECT_CODES, type RejectCode, toOrderId } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import { placeItem } from '../orders/placeItem.ts';
import { acceptOrder, checkRequest, tellDuplicate } from '../orders/placeRequest.ts';
import { runBatch, tellItem } from '../orders/runBatch.ts';
import { workOrder } from '../orders/workOrder.ts';
import type { AccountState, EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Takes up to BATCH_ITEMS_MAX orders, each by itself, or two of which one cancels the other. */
export function placeOrders(state: EngineState, command: PlaceOrders, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  if (command.grouping === 'oneCancelsOther') return placePair(state, account, command, events);
  return runBatch(command.orders, events, (request) => placeItem(state, account, request, events));
}

/** Both orders are accepted or neither. The second does not work when the first traded or is over already. */
function placePair(
  state: EngineState,
  account: AccountState,
  { orders }: PlaceOrders,
  events: Event[],
): RejectCode | undefined {
  const [first, second] = orders;
  if (first === undefined || second === undefined || !formPair(orders)) return REJECT_CODES.GROUPING_INVALID;
  if (tellDuplicate(account, first.clientOrderId, events)) return undefined;
  if (tellDuplicate(account, second.clientOrderId, events)) return undefined;
  const checkedFirst = checkRequest(state, account, first, undefined);
  if (typeof checkedFirst === 'number') return checkedFirst;
  const checkedSecond = checkRequest(state, account, second, undefined, 2);
  if (typeof checkedSecond === 'number') return checkedSecond;

  const firstId = toOrderId(state.nextOrderId);
  const secondId = toOrderId(state.nextOrderId + 1);
  // Ids are given in order, and nothing that the first sets off may take the second's.
  const one = acceptOrder(state, account, checkedFirst, events, secondId);
  const other = acceptOrder(state, account, checkedSecond, events, firstId);
  workOrder(state, one, events);
  tellItem(0, { orderId: firstId, code: 0 }, events);
  const untouched = one.state !== 'over' && one.remainingLots === one.sizeLots;
  if (!untouched) other.linkedOrderId = 0;
  if (untouched) workOrder(state, other, events);
  else closeOrder(state, other, 'linkedOrder', events);
  tellItem(1, { orderId: secondId, code: 0 }, events);
  return undefined;
}

/** Two orders of one market that can be open at the same time, with different names, and nothing attached to either. */
function formPair(orders: PlaceOrders['orders']): boolean {
  const [first, second] = orders;
  if (orders.length !== 2 || first?.marketId !== second?.marketId) return false;
  const sameName = first?.clientOrderId !== '' && first?.clientOrderId === second?.clientOrderId;
  return !sameName && orders.every((order) => mayStayOpen(order) && order.attached === undefined);
}

function mayStayOpen({ orderType, timeInForce, trigger }: PlaceOrders['orders'][number]): boolean {
  const immediate = orderType === 'market' || timeInForce === 'ioc' || timeInForce === 'fok';
  return trigger !== undefined || !immediate;
}
