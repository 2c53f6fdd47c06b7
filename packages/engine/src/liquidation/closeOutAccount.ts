import { accountMargin, type Event, maintenanceMarginAtoms } from '@keel/types';
import { CLOSE_OUT_STEPS_PER_ACCOUNT } from '../limits.ts';
import { marginPosition, marginPositions, type Solvency, solvencyOf } from '../margin/accountFigures.ts';
import { closeAll } from '../orders/closeAll.ts';
import type { AccountState, EngineState, Holding } from '../state.ts';
import { autoDeleverage } from './autoDeleverage.ts';
import { closeOutLots } from './closeOutLots.ts';
import { closeOutPosition } from './closeOutPosition.ts';
import { watchAccount } from './watchAccount.ts';

/** Whether the account may be closed out: below maintenance, that is with less than its positions need. */
export function isUnderMargined({ equityAtoms, maintenanceAtoms }: Solvency): boolean {
  return equityAtoms < maintenanceAtoms;
}

/**
 * One turn of a liquidation: all open orders go, then positions are closed on the book, the one with the largest
 * maintenance first, until the account is healthy, the book takes no more, or the turn is over. A bankrupt account
 * that the book and the insurance fund cannot close is deleveraged.
 */
export function closeOutAccount(state: EngineState, account: AccountState, events: Event[]): void {
  if (account.liquidationId === 0) startLiquidation(state, account, events);
  const refused = new Set<Holding>();
  for (let step = 0; step < CLOSE_OUT_STEPS_PER_ACCOUNT; step += 1) {
    const solvency = solvencyOf(account);
    const holding = isUnderMargined(solvency) ? largestPosition(account, refused) : undefined;
    if (holding === undefined) break;
    const { spec, markTicks } = holding.market;
    const lots = closeOutLots(spec, markTicks, Math.abs(holding.sizeLots), solvency);
    const filledLots = closeOutPosition(state, holding, lots, solvency, events);
    if (filledLots < lots && solvencyOf(account).equityAtoms < 0) autoDeleverage(state, holding, events);
    if (filledLots < lots) refused.add(holding);
  }
  state.dirty.accounts.add(account.accountId);
  endLiquidation(state, account, events);
}

/** Ends the liquidation of an account that is healthy again, or has nothing left to close. */
export function endLiquidation(state: EngineState, account: AccountState, events: Event[]): void {
  const solvency = solvencyOf(account);
  if (isUnderMargined(solvency)) return;
  events.push({
    kind: 'liquidationEnded',
    liquidationId: account.liquidationId,
    accountId: account.accountId,
    equityAtoms: solvency.equityAtoms,
    maintenanceMarginAtoms: solvency.maintenanceAtoms,
  });
  watchAccount(state, account, solvency);
  account.liquidationId = 0;
  state.liquidating.delete(account.accountId);
  state.dirty.accounts.add(account.accountId);
}

function startLiquidation(state: EngineState, account: AccountState, events: Event[]): void {
  const margin = accountMargin(account.collateralAtoms, marginPositions(account));
  account.liquidationId = state.nextLiquidationId;
  state.nextLiquidationId += 1;
  state.liquidating.add(account.accountId);
  events.push({
    kind: 'liquidationStarted',
    liquidationId: account.liquidationId,
    accountId: account.accountId,
    equityAtoms: margin.equityAtoms,
    maintenanceMarginAtoms: margin.maintenanceMarginAtoms,
    initialMarginAtoms: margin.initialMarginAtoms,
  });
  for (const holding of account.holdings) closeAll(state, holding, 'liquidation', events);
}

/** The position with the largest maintenance margin that this turn has not given up; ties by market. */
function largestPosition(account: AccountState, refused: ReadonlySet<Holding>): Holding | undefined {
  let largest: Holding | undefined;
  let largestAtoms = 0;
  for (const holding of account.holdings) {
    if (holding.sizeLots === 0 || refused.has(holding)) continue;
    const atoms = maintenanceMarginAtoms(marginPosition(holding));
    if (atoms <= largestAtoms) continue;
    largest = holding;
    largestAtoms = atoms;
  }
  return largest;
}
