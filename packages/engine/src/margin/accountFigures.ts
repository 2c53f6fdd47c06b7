import {
  type AccountMargin,
  accountMargin,
  collateralValueAtoms,
  fundingOwedAtoms,
  type MarginBalance,
  type MarginPosition,
  maintenanceAtomsOf,
  mulDivCeil,
  notionalAtoms,
  type OpenOrderTerms,
  PPM,
  type PriceTicks,
  type QuoteAtoms,
  type SizeLots,
  unstableAtoms,
} from '@keel/types';
import { ACCOUNT_MONEY_ATOMS_MAX } from '../limits.ts';
import type { AccountState, Holding, MarketState } from '../state.ts';

/** One holding as the margin arithmetic wants it. */
export function marginPosition(
  holding: Holding,
  openOrders: readonly OpenOrderTerms[] = holding.resting,
): MarginPosition {
  const { market } = holding;
  return {
    spec: market.spec,
    markTicks: market.markTicks,
    stableTicks: market.stableTicks,
    openInterestLots: market.openInterestLots,
    sizeLots: holding.sizeLots,
    entryNotionalAtoms: holding.entryNotionalAtoms,
    positionFundingIndex: holding.fundingIndex,
    marketFundingIndex: market.fundingIndex,
    leverage: holding.leverage,
    openOrders,
  };
}

export function marginPositions(account: AccountState): MarginPosition[] {
  return account.holdings.map((holding) => marginPosition(holding));
}

/** The account's other collateral as the margin arithmetic wants it. */
export function marginBalances({ balances }: AccountState): MarginBalance[] {
  return balances.map(({ collateral, amountAtoms }) => ({
    spec: collateral.spec,
    priceTicks: collateral.priceTicks,
    amountAtoms,
  }));
}

/** All figures of the account, open orders counted. As long as its open orders are many; `solvencyOf` looks at positions alone. */
export function marginOf(account: AccountState): AccountMargin {
  return accountMargin(account.collateralAtoms, marginPositions(account), marginBalances(account));
}

/** Equity against the maintenance requirement: what liquidation looks at. Open orders play no part. */
export interface Solvency {
  readonly equityAtoms: QuoteAtoms;
  readonly maintenanceAtoms: QuoteAtoms;
}

export function solvencyOf(account: AccountState): Solvency {
  let maintenanceAtoms = 0;
  for (const { market, sizeLots } of account.holdings) {
    if (sizeLots !== 0) maintenanceAtoms += maintenanceIn(market, sizeLots);
  }
  return { equityAtoms: equityOf(account), maintenanceAtoms };
}

/** EQ of the account: collateral of all kinds, and what its positions would bring at mark, funding counted. */
export function equityOf(account: AccountState): QuoteAtoms {
  let atoms = account.collateralAtoms;
  for (const { market, sizeLots, entryNotionalAtoms, fundingIndex } of account.holdings) {
    if (sizeLots === 0) continue;
    const { spec, markTicks } = market;
    atoms += notionalAtoms(spec, markTicks, sizeLots) - entryNotionalAtoms;
    if (fundingIndex !== market.fundingIndex) atoms -= fundingOwedAtoms(sizeLots, fundingIndex, market.fundingIndex);
  }
  for (const { collateral, amountAtoms } of account.balances) {
    atoms += collateralValueAtoms(collateral.spec, collateral.priceTicks, amountAtoms);
  }
  return atoms;
}

/** EQ as new risk and withdrawals count it: without what only the mark shows and not the stable price. */
export function cautiousEquityOf(account: AccountState): QuoteAtoms {
  let atoms = equityOf(account);
  for (const { market, sizeLots } of account.holdings) if (sizeLots !== 0) atoms -= unstableAtoms(market, sizeLots);
  return atoms;
}

/** MM of a position of this size, by its tier, rounded up. */
export function maintenanceIn({ spec, markTicks }: MarketState, sizeLots: SizeLots): QuoteAtoms {
  return maintenanceAtomsOf(spec, notionalAtoms(spec, markTicks, Math.abs(sizeLots)));
}

/** What the account would be after `deltaLots` for `cashAtoms` (received > 0), all costs counted in the cash. */
export function solvencyAfter(
  before: Solvency,
  holding: Holding,
  deltaLots: SizeLots,
  cashAtoms: QuoteAtoms,
): Solvency {
  const { market, sizeLots } = holding;
  return {
    equityAtoms: before.equityAtoms + notionalAtoms(market.spec, market.markTicks, deltaLots) + cashAtoms,
    maintenanceAtoms:
      before.maintenanceAtoms - maintenanceIn(market, sizeLots) + maintenanceIn(market, sizeLots + deltaLots),
  };
}

/**
 * Whether a trade may happen: it ends at or above maintenance, or it makes positions that are there no larger and ends
 * no nearer to bankruptcy than before.
 */
export function staysSolvent(before: Solvency, after: Solvency): boolean {
  if (after.equityAtoms >= after.maintenanceAtoms) return true;
  if (after.equityAtoms < 0 || before.equityAtoms < 0) return false;
  // Without this, an account with nothing at all could open a position at a price a little better than mark.
  if (before.maintenanceAtoms === 0 || after.maintenanceAtoms > before.maintenanceAtoms) return false;
  return (
    BigInt(after.equityAtoms) * BigInt(before.maintenanceAtoms) >=
    BigInt(before.equityAtoms) * BigInt(after.maintenanceAtoms)
  );
}

/**
 * Whether a trade for `cashAtoms` keeps the account's money far inside the safe integers, whatever part of it becomes
 * profit or loss. Many rich accounts that lose to one could otherwise stop the exchange.
 */
export function staysCountable({ account, entryNotionalAtoms }: Holding, cashAtoms: QuoteAtoms): boolean {
  const movedAtoms = Math.abs(entryNotionalAtoms) + Math.abs(cashAtoms);
  return Math.abs(account.collateralAtoms) + movedAtoms <= ACCOUNT_MONEY_ATOMS_MAX;
}

/** Whether a fill of `deltaLots` for `cashAtoms`, fee counted, may happen to this account. */
export function mayFill(holding: Holding, deltaLots: SizeLots, cashAtoms: QuoteAtoms): boolean {
  const before = solvencyOf(holding.account);
  return (
    staysCountable(holding, cashAtoms) && staysSolvent(before, solvencyAfter(before, holding, deltaLots, cashAtoms))
  );
}

/** Fee on a trade, rounded up. */
export function feeAtoms(holding: Holding, priceTicks: PriceTicks, lots: SizeLots, ppm: number): QuoteAtoms {
  return mulDivCeil(notionalAtoms(holding.market.spec, priceTicks, lots), ppm, PPM);
}
