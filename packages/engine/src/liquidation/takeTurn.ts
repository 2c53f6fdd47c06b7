import { AUCTION_STEP_MS, type Event, type TimeMs } from '@keel/types';
import { marginOf, type Solvency, solvencyOf } from '../margin/accountFigures.ts';
import { owes } from '../margin/convertCollateral.ts';
import { closeAll } from '../orders/closeAll.ts';
import { accountPermits } from '../prices/permissions.ts';
import type { AccountState, EngineState } from '../state.ts';
import { endAuction } from './auctions.ts';
import { isSpent, isUnderMargined } from './closeOutTerms.ts';
import { closePart } from './closePart.ts';
import type { Round } from './round.ts';
import { takeOverAll } from './takeOver.ts';
import { addTurn, dropTurn } from './turns.ts';

/**
 * One turn of a liquidation. Looks at the account again, because an earlier turn of the command may have traded with it;
 * closes in part while it has 2/3 of what it needs, and whole positions below that. An account that is still weak
 * afterwards has its next turn.
 */
export function takeTurn(state: EngineState, round: Round, account: AccountState): void {
  const { events } = round;
  // What happens to it in its turn is looked at in its turn.
  if (!isUnderMargined(solvencyOf(account)) || owes(account)) {
    state.suspects.add(account.accountId);
    return;
  }
  if (!accountPermits(state, account, 'liquidate')) {
    // An auction does not walk on while nobody knows the price: when it is back, another one begins at its beginning.
    endAuction(state, account, 'timeOver', events);
    state.parked.add(account.accountId);
    return;
  }
  if (account.liquidationId === 0) startLiquidation(state, account, events);
  const dueMs = isSpent(solvencyOf(account)) ? closeWhole(state, round, account) : closePart(state, round, account);
  state.dirty.accounts.add(account.accountId);
  const solvency = solvencyOf(account);
  if (isUnderMargined(solvency) && !owes(account)) {
    // The backstop's turn comes at once, unless this was it and nobody could take more.
    const nextMs = isSpent(solvency) && dueMs === undefined ? state.timeMs : (dueMs ?? state.timeMs + AUCTION_STEP_MS);
    addTurn(state, account, nextMs, solvency);
  } else {
    endLiquidation(state, account, solvency, events);
  }
}

/** Whole positions; returns when to try again if nothing more could go now. */
function closeWhole(state: EngineState, round: Round, account: AccountState): TimeMs | undefined {
  endAuction(state, account, 'backstopDue', round.events);
  const closed = takeOverAll(state, round, account);
  return closed && round.deleveragesLeft === 0 ? undefined : state.timeMs + AUCTION_STEP_MS;
}

/** Ends the liquidation of an account that is healthy again, or has nothing left to close. */
export function endLiquidation(state: EngineState, account: AccountState, solvency: Solvency, events: Event[]): void {
  endAuction(state, account, 'healthy', events);
  events.push({
    kind: 'liquidationEnded',
    liquidationId: account.liquidationId,
    accountId: account.accountId,
    equityAtoms: solvency.equityAtoms,
    maintenanceMarginAtoms: solvency.maintenanceAtoms,
  });
  account.liquidationId = 0;
  dropTurn(account);
  state.liquidating.delete(account.accountId);
  state.dirty.accounts.add(account.accountId);
  // Its positions are watched again.
  state.suspects.add(account.accountId);
}

function startLiquidation(state: EngineState, account: AccountState, events: Event[]): void {
  const margin = marginOf(account);
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
