import { type CancelAllOrders, type Event, REJECT_CODES, type RejectCode } from '@keel/types';
import { closeAll } from '../orders/closeAll.ts';
import { type EngineState, findMarket } from '../state.ts';
import { authorize } from './authorize.ts';

/** Ends all open orders of one market, or of all: by market, then by id. None to end is no fault. */
export function cancelAllOrders(
  state: EngineState,
  { auth, marketId }: CancelAllOrders,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  if (marketId !== 0 && findMarket(state, marketId) === undefined) return REJECT_CODES.MARKET_UNKNOWN;

  for (const holding of account.holdings) {
    if (marketId === 0 || holding.market.spec.marketId === marketId) {
      closeAll(state, holding, 'cancelledByOwner', events);
    }
  }
  return undefined;
}
