import { collateralAtomsWorth, collateralValueAtoms, type Event, type QuoteAtoms } from '@keel/types';
import { changeBalance } from '../accounts/balance.ts';
import { CONVERSIONS_PER_COMMAND } from '../limits.ts';
import { collateralPermits } from '../prices/permissions.ts';
import { type AccountState, accountOf, type Balance, type EngineState } from '../state.ts';

/**
 * Flat accounts that owe USDC pay with other collateral: the exchange buys it out of its fees, at the value it counts at,
 * so equity stays what it was. It buys the fewest atoms that pay the debt; what the fees do not reach, and what has no
 * fresh price, stays owed and is tried again with the next commands, first come first served.
 */
export function convertCollateral(state: EngineState, events: Event[]): void {
  const { debtors } = state;
  for (const { account } of state.emptied) if (owes(account)) debtors.add(account.accountId);
  if (debtors.size === 0 || state.feesAtoms === 0n) return;
  const asked: AccountState[] = [];
  for (const accountId of debtors) {
    if (asked.length === CONVERSIONS_PER_COMMAND) break;
    asked.push(accountOf(state, accountId));
  }
  for (const account of asked) {
    debtors.delete(account.accountId);
    for (const balance of [...account.balances]) if (owes(account)) buy(state, account, balance, events);
    if (owes(account)) debtors.add(account.accountId);
  }
}

/** Whether nothing but other collateral stands behind what the account owes. */
export function owes({ collateralAtoms, holdings }: AccountState): boolean {
  return collateralAtoms < 0 && holdings.every(({ sizeLots }) => sizeLots === 0);
}

function buy(state: EngineState, account: AccountState, balance: Balance, events: Event[]): void {
  const { collateral, amountAtoms } = balance;
  const { spec, priceTicks } = collateral;
  // Nobody's collateral changes hands on a price that is old or in doubt.
  if (!collateralPermits(state, collateral, 'withdraw')) return;
  const wanted = collateralAtomsWorth(spec, priceTicks, -account.collateralAtoms);
  if (wanted === undefined) return;
  let bought = wanted < BigInt(amountAtoms) ? Number(wanted) : amountAtoms;
  if (BigInt(paidFor(balance, bought)) > state.feesAtoms) bought = affordable(state, balance);
  const valueAtoms = paidFor(balance, bought);
  if (bought === 0 || valueAtoms === 0) return;

  changeBalance(state, account, collateral, -bought);
  account.collateralAtoms += valueAtoms;
  state.feesAtoms -= BigInt(valueAtoms);
  collateral.treasuryAtoms += BigInt(bought);
  const { accountId } = account;
  events.push({ kind: 'collateralConverted', accountId, assetId: spec.assetId, amountAtoms: bought, valueAtoms });
}

/** By how much the balance counts less without these atoms: to pay just that leaves equity what it was. */
function paidFor({ collateral, amountAtoms }: Balance, atoms: number): QuoteAtoms {
  const { spec, priceTicks } = collateral;
  const before = collateralValueAtoms(spec, priceTicks, amountAtoms);
  return before - collateralValueAtoms(spec, priceTicks, amountAtoms - atoms);
}

/** Most atoms of the balance that the fees, which do not reach for more, certainly pay for. */
function affordable({ feesAtoms }: EngineState, balance: Balance): number {
  const { spec, priceTicks } = balance.collateral;
  const atoms = Number(collateralAtomsWorth(spec, priceTicks, Number(feesAtoms)));
  return BigInt(paidFor(balance, atoms)) <= feesAtoms ? atoms : atoms - 1;
}
