import type { Event, PlaceOrder, RejectCode } from '@keel/types';
import { placeRequest } from '../orders/placeRequest.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Takes an order: it trades what it can and rests, waits or drops the rest. */
export function placeOrder(state: EngineState, command: PlaceOrder, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  return placeRequest(state, account, command, events);
}
