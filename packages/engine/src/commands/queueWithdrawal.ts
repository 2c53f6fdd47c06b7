import type { Address, Event, QuoteAtoms } from '@keel/types';
import type { AccountState, EngineState } from '../state.ts';

/** Takes money off the account and puts a claim on it into the open batch; L1 pays it against a proof. */
export function queueWithdrawal(
  state: EngineState,
  account: AccountState,
  recipient: Address,
  amountAtoms: QuoteAtoms,
  events: Event[],
): void {
  const { accountId } = account;
  account.collateralAtoms -= amountAtoms;
  state.withdrawnAtoms += BigInt(amountAtoms);
  const withdrawalIndex = state.nextWithdrawalIndex;
  state.nextWithdrawalIndex += 1;
  // Less money: its positions have smaller shares of it to lose.
  state.suspects.add(accountId);
  state.dirty.accounts.add(accountId);
  events.push({ kind: 'withdrawalRequested', withdrawalIndex, accountId, recipient, amountAtoms });
}
