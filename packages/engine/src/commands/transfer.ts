import {
  ACCOUNTS_PER_OWNER_MAX,
  COLLATERAL_ATOMS_MAX,
  collateralValueAtoms,
  type Event,
  isolatedMarket,
  isSubaccount,
  OPENING_TRANSFER_ATOMS_MIN,
  REJECT_CODES,
  type RejectCode,
  type Transfer,
  toMarketId,
} from '@keel/types';
import { balanceOf, changeBalance, findCollateral } from '../accounts/balance.ts';
import { openAccount } from '../accounts/openAccount.ts';
import { maySpare, pricesAllowSparing } from '../margin/maySpare.ts';
import { isCount } from '../orders/checkFit.ts';
import { type AccountState, type CollateralState, type EngineState, findAccount, findMarket } from '../state.ts';
import { authorize } from './authorize.ts';

/**
 * Moves collateral to another account of the same owner, at the owner's own word. The first transfer to a number opens
 * its account: one that isolates a market, when that market is listed.
 */
export function transfer(state: EngineState, command: Transfer, events: Event[]): RejectCode | undefined {
  const { auth, toSubaccount, assetId, amountAtoms } = command;
  const from = authorize(state, auth, 'ownerOnly');
  if (typeof from === 'number') return from;
  const receiver = findAccount(state, auth.owner, toSubaccount);
  if (receiver === undefined && !mayBeOpened(state, toSubaccount)) return REJECT_CODES.SUBACCOUNT_INVALID;
  if (!pricesAllowSparing(state, from)) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (from.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  const collateral = assetId === 0 ? undefined : findCollateral(state, assetId);
  if (assetId !== 0 && collateral === undefined) return REJECT_CODES.ASSET_UNKNOWN;
  if (!isInRange(from, receiver, collateral, amountAtoms)) return REJECT_CODES.TRANSFER_OUT_OF_RANGE;
  if (receiver === from) return REJECT_CODES.TRANSFER_TO_ITSELF;
  if (!maySpare(from, collateral, amountAtoms)) return REJECT_CODES.TRANSFER_EXCEEDS_FREE_COLLATERAL;
  const isFull = from.main.others.length + 1 >= ACCOUNTS_PER_OWNER_MAX;
  if (receiver === undefined && isFull) return REJECT_CODES.ACCOUNTS_PER_OWNER_EXCEEDED;

  const to = receiver ?? openAccount(state, auth.owner, toSubaccount, events)!;
  move(state, from, collateral, -amountAtoms);
  move(state, to, collateral, amountAtoms);
  const ids = { fromAccountId: from.accountId, toAccountId: to.accountId };
  events.push({ kind: 'transferred', ...ids, assetId, amountAtoms });
  return undefined;
}

/** Whether an account may have this number, and the market that it isolates is there. */
function mayBeOpened(state: EngineState, subaccount: number): boolean {
  if (!isSubaccount(subaccount)) return false;
  const marketId = isolatedMarket(subaccount);
  return marketId === 0 || findMarket(state, toMarketId(marketId)) !== undefined;
}

/** Whether the receiver may hold it, and whether it is enough to open an account with. */
function isInRange(
  from: AccountState,
  receiver: AccountState | undefined,
  collateral: CollateralState | undefined,
  amountAtoms: number,
): boolean {
  if (!isCount(amountAtoms, 1, COLLATERAL_ATOMS_MAX)) return false;
  if (receiver === undefined) return countedAtoms(collateral, amountAtoms) >= OPENING_TRANSFER_ATOMS_MIN;
  if (receiver === from) return true;
  const heldAtoms = collateral === undefined ? receiver.collateralAtoms : balanceOf(receiver, collateral);
  return heldAtoms + amountAtoms <= COLLATERAL_ATOMS_MAX;
}

function countedAtoms(collateral: CollateralState | undefined, amountAtoms: number): number {
  return collateral === undefined
    ? amountAtoms
    : collateralValueAtoms(collateral.spec, collateral.priceTicks, amountAtoms);
}

function move(
  state: EngineState,
  account: AccountState,
  collateral: CollateralState | undefined,
  deltaAtoms: number,
): void {
  if (collateral === undefined) account.collateralAtoms += deltaAtoms;
  else changeBalance(state, account, collateral, deltaAtoms);
  // More may end a liquidation; less leaves its positions smaller shares to lose.
  state.suspects.add(account.accountId);
  state.dirty.accounts.add(account.accountId);
}
