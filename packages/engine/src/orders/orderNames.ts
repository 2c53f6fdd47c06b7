import { CLIENT_ORDER_IDS_REMEMBERED, type OrderId } from '@keel/types';
import type { AccountState, ClosedName } from '../state.ts';
import type { OrderRecord } from './orderRecord.ts';

/** The first order of this name, open or lately over; undefined for a new name or none. */
export function knownOrderId({ orderNames }: AccountState, clientOrderId: string): OrderId | undefined {
  return clientOrderId === '' ? undefined : orderNames?.get(clientOrderId);
}

export function rememberName(account: AccountState, { clientOrderId, orderId }: ClosedName): void {
  if (clientOrderId === '') return;
  account.orderNames ??= new Map();
  account.orderNames.set(clientOrderId, orderId);
}

/** The order is over: its name is kept among the last ones, and the oldest of these is forgotten. */
export function retireName(account: AccountState, { clientOrderId, orderId }: OrderRecord): void {
  if (clientOrderId === '') return;
  account.closedNames.push({ clientOrderId, orderId });
  if (account.closedNames.length <= CLIENT_ORDER_IDS_REMEMBERED) return;
  const oldest = account.closedNames.shift()!;
  // A replacement may have taken the name over.
  if (account.orderNames?.get(oldest.clientOrderId) === oldest.orderId) {
    account.orderNames.delete(oldest.clientOrderId);
  }
}
