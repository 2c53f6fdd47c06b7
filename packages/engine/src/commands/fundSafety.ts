import {
  COLLATERAL_ATOMS_MAX,
  type Event,
  type FundSafety,
  REJECT_CODES,
  type RejectCode,
  WITHDRAWAL_ATOMS_MIN,
} from '@keel/types';
import { fundHasRoom, fundRefusal, putIntoFund } from '../accounts/putIntoFund.ts';
import { maySpare, pricesAllowSparing } from '../margin/maySpare.ts';
import { isCount } from '../orders/checkFit.ts';
import { type EngineState, findMarket } from '../state.ts';
import { authorize } from './authorize.ts';

/** Gives USDC that margin does not need to a market's insurance fund or backstop vault, for good, at the owner's own word. */
export function fundSafety(state: EngineState, command: FundSafety, events: Event[]): RejectCode | undefined {
  const { auth, marketId, fund, amountAtoms } = command;
  const account = authorize(state, auth, 'ownerOnly');
  if (typeof account === 'number') return account;
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  if (!pricesAllowSparing(state, account)) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (account.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  const inRange = isCount(amountAtoms, WITHDRAWAL_ATOMS_MIN, COLLATERAL_ATOMS_MAX);
  if (!inRange || !fundHasRoom(market, fund, amountAtoms)) return REJECT_CODES.WITHDRAWAL_OUT_OF_RANGE;
  if (!maySpare(account, undefined, amountAtoms)) return REJECT_CODES.WITHDRAWAL_EXCEEDS_FREE_COLLATERAL;
  const refusal = fundRefusal(market, fund);
  if (refusal !== undefined) return refusal;

  account.collateralAtoms -= amountAtoms;
  state.suspects.add(account.accountId);
  state.dirty.accounts.add(account.accountId);
  putIntoFund(state, market, fund, amountAtoms, account, events);
  return undefined;
}
