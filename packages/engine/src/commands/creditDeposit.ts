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
import { queueWithdrawal } from './queueWithdrawal.ts';

/**
 * Credits a deposit seen on L1, opening the account with the first one. Indexes leave no gap, so a repeated report
 * changes nothing. What an account cannot hold goes straight back as a withdrawal to its owner: the money is on L1
 * already, so refusing it would lose it, and waiting with it would block every deposit behind it.
 */
export function creditDeposit(state: EngineState, command: CreditDeposit, events: Event[]): RejectCode | undefined {
  const { depositIndex, owner, amountAtoms } = command;
  assert(Number.isSafeInteger(amountAtoms) && amountAtoms > 0, `deposit ${depositIndex} of ${amountAtoms} atoms`);
  if (depositIndex < state.nextDepositIndex) return REJECT_CODES.DEPOSIT_ALREADY_CREDITED;
  if (depositIndex > state.nextDepositIndex) return REJECT_CODES.DEPOSIT_OUT_OF_ORDER;
  // More than the contract takes, so nobody paid it.
  if (amountAtoms > COLLATERAL_ATOMS_MAX) return REJECT_CODES.DEPOSIT_TOO_LARGE;

  const account = state.accountByOwner.get(owner) ?? openAccount(state, command, events);
  account.collateralAtoms += amountAtoms;
  state.nextDepositIndex += 1;
  state.depositedAtoms += BigInt(amountAtoms);
  // Money may end a liquidation.
  state.suspects.add(account.accountId);
  state.dirty.accounts.add(account.accountId);
  events.push({ kind: 'depositCredited', depositIndex, accountId: account.accountId, amountAtoms });
  // Gains above the bound stay: they may be what a position is margined with.
  const excessAtoms = Math.min(amountAtoms, account.collateralAtoms - COLLATERAL_ATOMS_MAX);
  if (excessAtoms > 0) queueWithdrawal(state, account, owner, excessAtoms, events);
  return undefined;
}

function openAccount(state: EngineState, { owner }: CreditDeposit, events: Event[]): AccountState {
  const account = createAccount(toAccountId(state.accounts.length + 1), owner);
  state.accounts.push(account);
  state.accountByOwner.set(owner, account);
  events.push({ kind: 'accountOpened', accountId: account.accountId, owner });
  return account;
}
