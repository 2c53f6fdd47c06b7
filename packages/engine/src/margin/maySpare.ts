import { collateralValueAtoms, freeAtoms, type QuoteAtoms } from '@keel/types';
import { balanceValueAtoms, findBalance } from '../accounts/balance.ts';
import { accountPermits } from '../prices/permissions.ts';
import type { AccountState, CollateralState, EngineState } from '../state.ts';
import { marginBalances, marginPositions } from './accountFigures.ts';

/**
 * Whether the account can give away this much USDC (`collateral` undefined) or of another asset: it has it, not only as a
 * paper gain, and what stays covers max(IMR, 10 % of total notional), the slow price of thin markets counted. Whoever owes
 * USDC gives nothing.
 */
export function maySpare(
  account: AccountState,
  collateral: CollateralState | undefined,
  amountAtoms: QuoteAtoms,
): boolean {
  if (collateral === undefined) return amountAtoms <= account.collateralAtoms && amountAtoms <= freeAtomsOf(account);
  const balance = findBalance(account, collateral);
  if (balance === undefined || amountAtoms > balance.amountAtoms || account.collateralAtoms < 0) return false;
  const left = collateralValueAtoms(collateral.spec, collateral.priceTicks, balance.amountAtoms - amountAtoms);
  return balanceValueAtoms(balance) - left <= freeAtomsOf(account);
}

/** Whether the prices are good enough to say so. An account that has no order and no position, and owes nothing, needs none. */
export function pricesAllowSparing(state: EngineState, account: AccountState): boolean {
  if (account.holdings.length === 0 && account.collateralAtoms >= 0) return true;
  return accountPermits(state, account, 'withdraw');
}

/** What margin does not need; may be below 0. */
function freeAtomsOf(account: AccountState): QuoteAtoms {
  return freeAtoms(account.collateralAtoms, marginPositions(account), marginBalances(account));
}
