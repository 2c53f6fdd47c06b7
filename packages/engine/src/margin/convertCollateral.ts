import { collateralAtomsWorth, collateralValueAtoms, type Event, type QuoteAtoms } from '@keel/types';
import { balanceValueAtoms, changeBalance } from '../accounts/balance.ts';
import { CONVERSIONS_PER_COMMAND } from '../limits.ts';
import { collateralPermits } from '../prices/permissions.ts';
import { type AccountState, accountOf, type Balance, type CollateralState, type EngineState } from '../state.ts';
import { equityOf } from './accountFigures.ts';

/**
 * Flat accounts that owe USDC pay with other collateral: the exchange buys it out of its fees, at the value it counts at,
 * so equity stays what it was. It buys the fewest atoms that pay the debt; what the fees do not reach, and what has no
 * fresh price, stays owed and is tried again with the next commands, first come first served. Where all of it counts less
 * than the debt, because its price fell meanwhile, the exchange takes all of it for the whole debt, once its fees reach.
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
    // It has a position again, and what it owes is what that is margined with.
    if (!owes(account)) continue;
    const balances = [...account.balances];
    if (equityOf(account) < 0) takeAll(state, account, balances, events);
    else for (const balance of balances) if (owes(account)) buyDebt(state, account, balance, events);
    if (owes(account)) debtors.add(account.accountId);
  }
}

/** Whether nothing but other collateral stands behind what the account owes. */
export function owes({ collateralAtoms, holdings }: AccountState): boolean {
  return collateralAtoms < 0 && holdings.every(({ sizeLots }) => sizeLots === 0);
}

/** Everything for the whole debt, what is beyond its value with the last asset; or nothing while fees do not reach. */
function takeAll(state: EngineState, account: AccountState, balances: readonly Balance[], events: Event[]): void {
  if (BigInt(-account.collateralAtoms) > state.feesAtoms) return;
  if (!balances.every(({ collateral }) => isSure(state, collateral))) return;
  for (const [place, balance] of balances.entries()) {
    const isLast = place === balances.length - 1;
    buy(
      state,
      account,
      balance,
      balance.amountAtoms,
      isLast ? -account.collateralAtoms : balanceValueAtoms(balance),
      events,
    );
  }
}

/** As much of one balance as the debt needs and the fees reach. */
function buyDebt(state: EngineState, account: AccountState, balance: Balance, events: Event[]): void {
  const { collateral, amountAtoms } = balance;
  if (!isSure(state, collateral)) return;
  const wanted = collateralAtomsWorth(collateral.spec, collateral.priceTicks, -account.collateralAtoms);
  if (wanted === undefined) return;
  let bought = wanted < BigInt(amountAtoms) ? Number(wanted) : amountAtoms;
  if (BigInt(paidFor(balance, bought)) > state.feesAtoms) bought = affordable(state, balance);
  const valueAtoms = paidFor(balance, bought);
  if (valueAtoms > 0) buy(state, account, balance, bought, valueAtoms, events);
}

function buy(
  state: EngineState,
  account: AccountState,
  { collateral }: Balance,
  amountAtoms: number,
  valueAtoms: QuoteAtoms,
  events: Event[],
): void {
  changeBalance(state, account, collateral, -amountAtoms);
  account.collateralAtoms += valueAtoms;
  state.feesAtoms -= BigInt(valueAtoms);
  collateral.treasuryAtoms += BigInt(amountAtoms);
  const { accountId } = account;
  events.push({ kind: 'collateralConverted', accountId, assetId: collateral.spec.assetId, amountAtoms, valueAtoms });
}

/** Nobody's collateral changes hands on a price that is old or in doubt. */
function isSure(state: EngineState, collateral: CollateralState): boolean {
  return collateralPermits(state, collateral, 'withdraw');
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
