import {
  assert,
  COLLATERAL_ATOMS_MAX,
  type CreditDeposit,
  type Event,
  type QuoteAtoms,
  REJECT_CODES,
  type RejectCode,
} from '@keel/types';
import { isBackstopOwner } from '../accounts/backstop.ts';
import { changeBalance, findCollateral } from '../accounts/balance.ts';
import { openAccount } from '../accounts/openAccount.ts';
import type { AccountState, CollateralState, EngineState } from '../state.ts';
import { queueWithdrawal } from './queueWithdrawal.ts';

/**
 * Credits a deposit seen on L1, opening the owner's main account with the first one. Indexes leave no gap over all assets,
 * so a repeated report changes nothing. What an account (of USDC) or the exchange (of another asset) cannot hold goes
 * straight back as a withdrawal to its owner: the money is on L1 already, so refusing it would lose it, and waiting with
 * it would block every deposit behind it.
 */
export function creditDeposit(state: EngineState, command: CreditDeposit, events: Event[]): RejectCode | undefined {
  const { depositIndex, owner, assetId, amountAtoms } = command;
  assert(Number.isSafeInteger(amountAtoms) && amountAtoms > 0, `deposit ${depositIndex} of ${amountAtoms} atoms`);
  if (depositIndex < state.nextDepositIndex) return REJECT_CODES.DEPOSIT_ALREADY_CREDITED;
  if (depositIndex > state.nextDepositIndex) return REJECT_CODES.DEPOSIT_OUT_OF_ORDER;
  // More than the contract takes, so nobody paid it.
  if (amountAtoms > COLLATERAL_ATOMS_MAX) return REJECT_CODES.DEPOSIT_TOO_LARGE;
  const collateral = assetId === 0 ? undefined : findCollateral(state, assetId);
  if (assetId !== 0 && collateral === undefined) return REJECT_CODES.ASSET_UNKNOWN;

  const account = state.accountByOwner.get(owner) ?? openAccount(state, owner, 0, events)!;
  const excessAtoms =
    collateral === undefined ? addUsdc(state, account, amountAtoms) : addAsset(state, account, collateral, amountAtoms);
  state.nextDepositIndex += 1;
  // Money may end a liquidation.
  state.suspects.add(account.accountId);
  state.dirty.accounts.add(account.accountId);
  events.push({ kind: 'depositCredited', depositIndex, accountId: account.accountId, assetId, amountAtoms });
  if (excessAtoms > 0) queueWithdrawal(state, account, owner, collateral, excessAtoms, events);
  return undefined;
}

/** Returns what is too much. Gains above the bound stay: they may be what a position is margined with. */
function addUsdc(state: EngineState, account: AccountState, amountAtoms: QuoteAtoms): QuoteAtoms {
  account.collateralAtoms += amountAtoms;
  state.depositedAtoms += BigInt(amountAtoms);
  return Math.min(amountAtoms, account.collateralAtoms - COLLATERAL_ATOMS_MAX);
}

/**
 * Returns what is too much: the exchange counts so much of an asset over all accounts and no more, and a vault none. Its cap
 * is one of USDC: with the price of a gift its loss would rise when it has no position to give away.
 */
function addAsset(state: EngineState, account: AccountState, collateral: CollateralState, amountAtoms: number): number {
  changeBalance(state, account, collateral, amountAtoms);
  collateral.depositedAtoms += BigInt(amountAtoms);
  if (isBackstopOwner(account.owner)) return amountAtoms;
  const heldAtoms = collateral.depositedAtoms - collateral.withdrawnAtoms;
  return Math.min(amountAtoms, Number(heldAtoms) - collateral.spec.maxDepositedAtoms);
}
