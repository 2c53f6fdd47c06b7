import {
  COLLATERAL_ATOMS_MAX,
  type Event,
  REJECT_CODES,
  type RejectCode,
  WITHDRAWAL_ATOMS_MIN,
  type Withdraw,
  withdrawableAtoms,
} from '@keel/types';
import { marginPositions } from '../margin/accountFigures.ts';
import { accountPermits } from '../prices/permissions.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';
import { queueWithdrawal } from './queueWithdrawal.ts';

/** Pays out what margin does not need, at the owner's own word. */
export function withdraw(
  state: EngineState,
  { auth, recipient, amountAtoms }: Withdraw,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOnly');
  if (typeof account === 'number') return account;
  if (!accountPermits(state, account, 'withdraw')) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (account.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  const inRange = amountAtoms >= WITHDRAWAL_ATOMS_MIN && amountAtoms <= COLLATERAL_ATOMS_MAX;
  if (!Number.isSafeInteger(amountAtoms) || !inRange) return REJECT_CODES.WITHDRAWAL_OUT_OF_RANGE;
  const freeAtoms = withdrawableAtoms(account.collateralAtoms, marginPositions(account));
  if (amountAtoms > freeAtoms) return REJECT_CODES.WITHDRAWAL_EXCEEDS_FREE_COLLATERAL;

  queueWithdrawal(state, account, recipient, amountAtoms, events);
  return undefined;
}
