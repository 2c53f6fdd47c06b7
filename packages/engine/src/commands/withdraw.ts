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
import { positionsAreFresh } from '../prices/isFresh.ts';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Takes money out of the account and puts a claim into the open batch; L1 pays it against a proof. */
export function withdraw(
  state: EngineState,
  { auth, recipient, amountAtoms }: Withdraw,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOnly');
  if (typeof account === 'number') return account;
  if (!positionsAreFresh(state, account)) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (account.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  const inRange = amountAtoms >= WITHDRAWAL_ATOMS_MIN && amountAtoms <= COLLATERAL_ATOMS_MAX;
  if (!Number.isSafeInteger(amountAtoms) || !inRange) return REJECT_CODES.WITHDRAWAL_OUT_OF_RANGE;
  const freeAtoms = withdrawableAtoms(account.collateralAtoms, marginPositions(account));
  if (amountAtoms > freeAtoms) return REJECT_CODES.WITHDRAWAL_EXCEEDS_FREE_COLLATERAL;

  account.collateralAtoms -= amountAtoms;
  state.withdrawnAtoms += BigInt(amountAtoms);
  const withdrawalIndex = state.nextWithdrawalIndex;
  state.nextWithdrawalIndex += 1;
  state.dirty.accounts.add(account.accountId);
  events.push({ kind: 'withdrawalRequested', withdrawalIndex, accountId: account.accountId, recipient, amountAtoms });
  return undefined;
}
