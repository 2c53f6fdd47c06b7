import { type CancelAllOrders, type Event, REJECT_CODES, type RejectCode } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import { type EngineState, findMarket } from '../state.ts';
import { authorize } from './authorize.ts';

/** Takes all resting orders of one market, or of all, off the book: by market, then by id. None to take is no fault. */
export function cancelAllOrders(
  state: EngineState,
  { auth, marketId }: CancelAllOrders,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  if (marketId !== 0 && findMarket(state, marketId) === undefined) return REJECT_CODES.MARKET_UNKNOWN;

  for (const holding of account.holdings) {
    if (marketId !== 0 && holding.market.spec.marketId !== marketId) continue;
    for (const order of [...holding.orders]) closeOrder(state, order, 'cancelledByOwner', events);
  }
  return undefined;
}
