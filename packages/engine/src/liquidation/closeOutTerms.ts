import { type CloseOutPosition, maintenanceMarginAtoms, type SizeLots, weaknessOf } from '@keel/types';
import { marginPosition, type Solvency } from '../margin/accountFigures.ts';
import type { AccountState, Holding } from '../state.ts';

/** Whether the account may be closed out: below maintenance, that is with less than its positions need. */
export function isUnderMargined({ equityAtoms, maintenanceAtoms }: Solvency): boolean {
  return equityAtoms < maintenanceAtoms;
}

/** Whether it is too weak for the book and auctions alone: below 2/3 of what it needs. */
export function isSpent(solvency: Solvency): boolean {
  return isUnderMargined(solvency) && weaknessOf(solvency.equityAtoms, solvency.maintenanceAtoms) !== 'partial';
}

/** The position as the formulas of a close-out want it; the figures stay those of this moment. */
export function closeOutPosition(holding: Holding, { equityAtoms, maintenanceAtoms }: Solvency): CloseOutPosition {
  const { market, sizeLots } = holding;
  const positionMaintenanceAtoms = maintenanceMarginAtoms(marginPosition(holding, []));
  return {
    spec: market.spec,
    markTicks: market.markTicks,
    sizeLots,
    positionMaintenanceAtoms,
    equityAtoms,
    maintenanceAtoms,
  };
}

/** Bought > 0: what closing so many lots of the position does to it. */
export function closingLots({ sizeLots }: Holding, lots: SizeLots): SizeLots {
  return sizeLots > 0 ? -lots : lots;
}

/** The position with the largest maintenance margin that this turn has not given up; ties by market. */
export function largestPosition(account: AccountState, refused: ReadonlySet<Holding>): Holding | undefined {
  let largest: Holding | undefined;
  let largestAtoms = 0;
  for (const holding of account.holdings) {
    if (holding.sizeLots === 0 || refused.has(holding)) continue;
    const atoms = maintenanceMarginAtoms(marginPosition(holding, []));
    if (atoms <= largestAtoms) continue;
    largest = holding;
    largestAtoms = atoms;
  }
  return largest;
}
