import {
  type MarginPosition,
  maintenanceMarginAtoms,
  mulDivCeil,
  notionalAtoms,
  type OpenOrderTerms,
  PPM,
  type PriceTicks,
  type QuoteAtoms,
  type SizeLots,
  unrealisedAtoms,
} from '@keel/types';
import { ACCOUNT_MONEY_ATOMS_MAX } from '../limits.ts';
import type { AccountState, Holding } from '../state.ts';

/** One holding as the margin arithmetic wants it. */
export function marginPosition(
  holding: Holding,
  openOrders: readonly OpenOrderTerms[] = holding.orders,
): MarginPosition {
  const { market } = holding;
  return {
    spec: market.spec,
    markTicks: market.markTicks,
    sizeLots: holding.sizeLots,
    entryNotionalAtoms: holding.entryNotionalAtoms,
    positionFundingIndex: holding.fundingIndex,
    marketFundingIndex: market.fundingIndex,
    openOrders,
  };
}

export function marginPositions(account: AccountState): MarginPosition[] {
  return account.holdings.map((holding) => marginPosition(holding));
}

/** Equity against the maintenance requirement: what liquidation looks at. Open orders play no part. */
export interface Solvency {
  readonly equityAtoms: QuoteAtoms;
  readonly maintenanceAtoms: QuoteAtoms;
}

export function solvencyOf(account: AccountState): Solvency {
  let equityAtoms = account.collateralAtoms;
  let maintenanceAtoms = 0;
  for (const holding of account.holdings) {
    if (holding.sizeLots === 0) continue;
    const position = marginPosition(holding);
    equityAtoms += unrealisedAtoms(position);
    maintenanceAtoms += maintenanceMarginAtoms(position);
  }
  return { equityAtoms, maintenanceAtoms };
}

/** What the account would be after `deltaLots` for `cashAtoms` (received > 0), all costs counted in the cash. */
export function solvencyAfter(
  before: Solvency,
  holding: Holding,
  deltaLots: SizeLots,
  cashAtoms: QuoteAtoms,
): Solvency {
  const { spec, markTicks } = holding.market;
  const sizeBefore = Math.abs(holding.sizeLots);
  const sizeAfter = Math.abs(holding.sizeLots + deltaLots);
  const maintenance = (lots: SizeLots) =>
    mulDivCeil(notionalAtoms(spec, markTicks, lots), spec.maintenanceMarginPpm, PPM);
  return {
    equityAtoms: before.equityAtoms + notionalAtoms(spec, markTicks, deltaLots) + cashAtoms,
    maintenanceAtoms: before.maintenanceAtoms - maintenance(sizeBefore) + maintenance(sizeAfter),
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

/** Fee on a trade, rounded up. */
export function feeAtoms(holding: Holding, priceTicks: PriceTicks, lots: SizeLots, ppm: number): QuoteAtoms {
  return mulDivCeil(notionalAtoms(holding.market.spec, priceTicks, lots), ppm, PPM);
}
