import {
  COLLATERAL_ATOMS_MAX,
  type Event,
  REJECT_CODES,
  type RejectCode,
  WITHDRAWAL_ATOMS_MIN,
  type Withdraw,
} from '@keel/types';
import { findCollateral } from '../accounts/balance.ts';
import { maySpare, pricesAllowSparing } from '../margin/maySpare.ts';
import { isCount } from '../orders/checkFit.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';
import { queueWithdrawal } from './queueWithdrawal.ts';

/** Pays out what margin does not need, of USDC or another asset, at the owner's own word. */
export function withdraw(
  state: EngineState,
  { auth, recipient, assetId, amountAtoms }: Withdraw,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOnly');
  if (typeof account === 'number') return account;
  if (!pricesAllowSparing(state, account)) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (account.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  const leastAtoms = assetId === 0 ? WITHDRAWAL_ATOMS_MIN : 1;
  if (!isCount(amountAtoms, leastAtoms, COLLATERAL_ATOMS_MAX)) return REJECT_CODES.WITHDRAWAL_OUT_OF_RANGE;
  const collateral = assetId === 0 ? undefined : findCollateral(state, assetId);
  if (assetId !== 0 && collateral === undefined) return REJECT_CODES.ASSET_UNKNOWN;
  if (!maySpare(account, collateral, amountAtoms)) return REJECT_CODES.WITHDRAWAL_EXCEEDS_FREE_COLLATERAL;

  queueWithdrawal(state, account, recipient, collateral, amountAtoms, events);
  return undefined;
}
