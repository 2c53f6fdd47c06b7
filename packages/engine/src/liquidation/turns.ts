import { mulDivFloor, type TimeMs } from '@keel/types';
import { CLOSE_OUT_ACCOUNTS_PER_COMMAND } from '../limits.ts';
import type { Solvency } from '../margin/accountFigures.ts';
import { type AccountState, accountOf, type EngineState } from '../state.ts';
import { addToQueue, dropFirst, firstId, firstKey } from '../timers/idQueue.ts';

/** Shades of weakness that are told apart among turns due at the same time. */
const SHADES = 1_024;

/**
 * Gives an account under maintenance its next turn. Turns come by time, then weakest first, then by id; an account has
 * one at most, and one that is due already is not moved. What is due and goes beyond a command's bound comes with the next
 * command, before anything that is due later: so nobody starves, and a command costs its turns, however many wait.
 */
export function addTurn(state: EngineState, account: AccountState, dueMs: TimeMs, solvency: Solvency): void {
  account.turnKey = dueMs * SHADES + shadeOf(solvency);
  addToQueue(state.turns, account.turnKey, account.accountId);
}

/** The account needs no turn any more. Its entry goes when it is due, which is soon: those that do not hold never pile up. */
export function dropTurn(account: AccountState): void {
  account.turnKey = 0;
}

/** Takes out the accounts whose turn is due, no more than a command may give turns to. */
export function takeDueTurns(state: EngineState): AccountState[] {
  const due: AccountState[] = [];
  const { turns } = state;
  while (due.length < CLOSE_OUT_ACCOUNTS_PER_COMMAND && isDue(state, firstKey(turns))) {
    const key = firstKey(turns);
    const account = accountOf(state, firstId(turns) as AccountState['accountId']);
    dropFirst(turns);
    if (account.turnKey !== key) continue;
    account.turnKey = 0;
    due.push(account);
  }
  return due;
}

/** Whether some turn may be due. */
export function hasTurnDue(state: EngineState): boolean {
  return isDue(state, firstKey(state.turns));
}

function isDue(state: EngineState, key: number): boolean {
  return key < (state.timeMs + 1) * SHADES;
}

/** floor(1024 * EQ / MMR), 0 for a bankrupt. */
function shadeOf({ equityAtoms, maintenanceAtoms }: Solvency): number {
  if (equityAtoms <= 0 || maintenanceAtoms <= 0) return 0;
  return Math.min(SHADES - 1, mulDivFloor(SHADES, equityAtoms, maintenanceAtoms));
}
