import {
  assert,
  COLLATERAL_ATOMS_MAX,
  type CreditDeposit,
  type Event,
  REJECT_CODES,
  type RejectCode,
  toAccountId,
} from '@keel/types';
import { type AccountState, createAccount, type EngineState } from '../state.ts';

/**
 * Credits a deposit seen on L1, opening the account with the first one. Indexes leave no gap, so a repeated report
 * changes nothing. A deposit too large to hold is refused but its index is passed: it must not block those behind it.
 */
export function creditDeposit(state: EngineState, command: CreditDeposit, events: Event[]): RejectCode | undefined {
  const { depositIndex, owner, amountAtoms } = command;
  assert(Number.isSafeInteger(amountAtoms) && amountAtoms > 0, `deposit ${depositIndex} of ${amountAtoms} atoms`);
  if (depositIndex < state.nextDepositIndex) return REJECT_CODES.DEPOSIT_ALREADY_CREDITED;
  if (depositIndex > state.nextDepositIndex) return REJECT_CODES.DEPOSIT_OUT_OF_ORDER;
  const held = state.accountByOwner.get(owner)?.collateralAtoms ?? 0;
  if (held + amountAtoms > COLLATERAL_ATOMS_MAX) {
    state.nextDepositIndex += 1;
    return REJECT_CODES.DEPOSIT_TOO_LARGE;
  }

  const account = state.accountByOwner.get(owner) ?? openAccount(state, command, events);
  account.collateralAtoms += amountAtoms;
  state.nextDepositIndex += 1;
  state.depositedAtoms += BigInt(amountAtoms);
  // Money may end a liquidation.
  state.suspects.add(account.accountId);
  state.dirty.accounts.add(account.accountId);
  events.push({ kind: 'depositCredited', depositIndex, accountId: account.accountId, amountAtoms });
  return undefined;
}

function openAccount(state: EngineState, { owner }: CreditDeposit, events: Event[]): AccountState {
  const account = createAccount(toAccountId(state.accounts.length + 1), owner);
  state.accounts.push(account);
  state.accountByOwner.set(owner, account);
  events.push({ kind: 'accountOpened', accountId: account.accountId, owner });
  return account;
}
