import type { Address, Event, QuoteAtoms } from '@keel/types';
import { changeBalance } from '../accounts/balance.ts';
import type { AccountState, CollateralState, EngineState } from '../state.ts';

/**
 * Takes USDC (`collateral` undefined) or another asset off the account and puts a claim on it into the open batch; L1 pays
 * it against a proof.
 */
export function queueWithdrawal(
  state: EngineState,
  account: AccountState,
  recipient: Address,
  collateral: CollateralState | undefined,
  amountAtoms: QuoteAtoms,
  events: Event[],
): void {
  const { accountId } = account;
  if (collateral === undefined) {
    account.collateralAtoms -= amountAtoms;
    state.withdrawnAtoms += BigInt(amountAtoms);
  } else {
    changeBalance(state, account, collateral, -amountAtoms);
    collateral.withdrawnAtoms += BigInt(amountAtoms);
  }
  const withdrawalIndex = state.nextWithdrawalIndex;
  state.nextWithdrawalIndex += 1;
  // Less money: its positions have smaller shares of it to lose.
  state.suspects.add(accountId);
  state.dirty.accounts.add(accountId);
  const assetId = collateral === undefined ? 0 : collateral.spec.assetId;
  events.push({ kind: 'withdrawalRequested', withdrawalIndex, accountId, recipient, assetId, amountAtoms });
}
