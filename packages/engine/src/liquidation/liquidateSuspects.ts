import type { Event } from '@keel/types';
import { solvencyOf } from '../margin/accountFigures.ts';
import { owes } from '../margin/convertCollateral.ts';
import { accountPermits } from '../prices/permissions.ts';
import { type AccountState, accountOf, type EngineState } from '../state.ts';
import { preLiquidate } from '../warning/preLiquidate.ts';
import { warnAccount } from '../warning/warnAccount.ts';
import { isUnderMargined } from './closeOutTerms.ts';
import { createRound } from './round.ts';
import { endLiquidation, takeTurn } from './takeTurn.ts';
import { addTurn, dropTurn, hasTurnDue, takeDueTurns } from './turns.ts';
import { backstopsAct, unwindBackstops } from './unwindBackstop.ts';
import { watchAccount } from './watchAccount.ts';

/**
 * After each command: looks at every account whose margin it may have worsened, lets the backstop vaults go on, gives those
 * under maintenance whose turn is due a turn, and looks at whoever was traded with. Nobody is closed out on a price that
 * does not allow it.
 */
export function liquidateSuspects(state: EngineState, events: Event[]): void {
  look(state, events);
  if (!hasTurnDue(state) && !backstopsAct(state)) return;
  const round = createRound(events);
  unwindBackstops(state, round);
  for (const account of takeDueTurns(state)) takeTurn(state, round, account);
  look(state, events);
}

/** Empties the suspects: the healthy are watched again, the weak have a turn or wait for a price. */
function look(state: EngineState, events: Event[]): void {
  const { suspects } = state;
  if (suspects.size === 0) return;
  const accountIds = [...suspects].sort((a, b) => a - b);
  suspects.clear();
  for (const accountId of accountIds) lookAt(state, accountOf(state, accountId), events);
}

function lookAt(state: EngineState, account: AccountState, events: Event[]): void {
  // A vault is unwound, never liquidated.
  if (account.backstopOf !== undefined) return;
  state.parked.delete(account.accountId);
  const solvency = solvencyOf(account);
  if (!isUnderMargined(solvency)) {
    dropTurn(account);
    if (account.liquidationId !== 0) endLiquidation(state, account, solvency, events);
    warnAccount(state, account, solvency, events);
    preLiquidate(state, account, solvency, events);
    watchAccount(state, account, solvency);
    state.suspects.delete(account.accountId);
  } else if (owes(account)) {
    // Nothing is left to close: it waits among the debtors, and takes no turn from those who have positions.
    dropTurn(account);
    if (account.liquidationId !== 0) endLiquidation(state, account, solvency, events);
    preLiquidate(state, account, solvency, events);
    state.suspects.delete(account.accountId);
  } else if (account.turnKey === 0) {
    if (accountPermits(state, account, 'liquidate')) addTurn(state, account, state.timeMs, solvency);
    else state.parked.add(account.accountId);
  }
}
