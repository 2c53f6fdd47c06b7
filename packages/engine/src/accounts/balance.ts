import { type AssetId, collateralValueAtoms, type QuoteAtoms } from '@keel/types';
import type { AccountState, Balance, CollateralState, EngineState } from '../state.ts';

/** What the account has of the asset, in its atoms; 0 for none. */
export function balanceOf(account: AccountState, collateral: CollateralState): number {
  return findBalance(account, collateral)?.amountAtoms ?? 0;
}

export function findBalance({ balances }: AccountState, collateral: CollateralState): Balance | undefined {
  for (const balance of balances) if (balance.collateral === collateral) return balance;
  return undefined;
}

/** Undefined when nobody listed it: a customer may name any number. */
export function findCollateral(state: EngineState, assetId: AssetId): CollateralState | undefined {
  return state.collaterals[assetId - 1];
}

/** What the balance counts as collateral at the asset's price of this moment. */
export function balanceValueAtoms({ collateral, amountAtoms }: Balance): QuoteAtoms {
  return collateralValueAtoms(collateral.spec, collateral.priceTicks, amountAtoms);
}

/** Adds to a balance, or takes away what is there. One that ends at 0 is no more. */
export function changeBalance(
  state: EngineState,
  account: AccountState,
  collateral: CollateralState,
  deltaAtoms: number,
): void {
  const { balances } = account;
  const balance = findBalance(account, collateral) ?? addBalance(balances, collateral);
  balance.amountAtoms += deltaAtoms;
  // Its share was reckoned for the amount it was.
  balance.watched = false;
  if (balance.amountAtoms === 0) balances.splice(balances.indexOf(balance), 1);
  state.suspects.add(account.accountId);
  state.dirty.accounts.add(account.accountId);
}

function addBalance(balances: Balance[], collateral: CollateralState): Balance {
  const balance: Balance = { collateral, amountAtoms: 0, watched: false, watchedAt: 0 };
  let place = balances.length;
  while (place > 0 && balances[place - 1]!.collateral.spec.assetId > collateral.spec.assetId) place -= 1;
  balances.splice(place, 0, balance);
  return balance;
}
