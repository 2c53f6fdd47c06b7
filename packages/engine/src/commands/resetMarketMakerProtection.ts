import { type Event, REJECT_CODES, type RejectCode, type ResetMarketMakerProtection } from '@keel/types';
import { clearWindow, protectionIn } from '../protection/countMakerFill.ts';
import { type EngineState, findMarket } from '../state.ts';
import { authorize } from './authorize.ts';

/** Unfreezes the account in one market and forgets the fills counted so far. None set or fired is no fault. */
export function resetMarketMakerProtection(
  state: EngineState,
  { auth, marketId }: ResetMarketMakerProtection,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;

  const protection = protectionIn(account, market);
  if (protection !== undefined) {
    clearWindow(protection);
    protection.frozen = false;
  }
  const { accountId } = account;
  state.dirty.accounts.add(accountId);
  events.push({ kind: 'marketMakerProtectionReset', accountId, marketId });
  return undefined;
}
