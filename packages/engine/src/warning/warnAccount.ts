import { type Event, mulDivCeil } from '@keel/types';
import { WARNED_LOOK_MS } from '../limits.ts';
import type { Solvency } from '../margin/accountFigures.ts';
import { accountPermits } from '../prices/permissions.ts';
import type { AccountState, EngineState } from '../state.ts';
import { addToQueue } from '../timers/idQueue.ts';
import { restoringOrder } from './restoringOrder.ts';

type Level = AccountState['warnedPercent'];

/**
 * Calls for margin when the part of equity that maintenance takes reaches 75 % or 90 %, once each, and says so when it is
 * below 70 % again. Back below 85 % the call at 90 % is armed again without a word. Not on prices that are not fresh: then
 * the account is looked at again when some price is. Backstop vaults and accounts in liquidation are not called.
 */
export function warnAccount(state: EngineState, account: AccountState, solvency: Solvency, events: Event[]): void {
  if (account.liquidationId !== 0 || account.backstopOf !== undefined) return;
  const before = account.warnedPercent;
  const level = levelOf(before, solvency);
  if (level === before) return;
  if (!accountPermits(state, account, 'liquidate')) {
    state.parked.add(account.accountId);
    return;
  }
  account.warnedPercent = level;
  state.dirty.accounts.add(account.accountId);
  if (level !== 0) lookAgain(state, account);
  if (level > before || level === 0) events.push(marginCall(account, level, solvency));
}

/** The level after a look. Each is left only a little below where it was reached. */
function levelOf(before: Level, solvency: Solvency): Level {
  // Most need less than half of what they have, and then nothing is compared exactly.
  if (solvency.equityAtoms >= 2 * solvency.maintenanceAtoms) return 0;
  if (reaches(solvency, 90) || (before === 90 && reaches(solvency, 85))) return 90;
  if (reaches(solvency, 75) || (before !== 0 && reaches(solvency, 70))) return 75;
  return 0;
}

/** Whether MMR is at least so many percent of EQ. Nothing required reaches nothing, and without equity all is reached. */
export function reaches({ equityAtoms, maintenanceAtoms }: Solvency, percent: number): boolean {
  if (maintenanceAtoms === 0) return false;
  return equityAtoms <= 0 || BigInt(maintenanceAtoms) * 100n >= BigInt(equityAtoms) * BigInt(percent);
}

function marginCall(account: AccountState, levelPercent: Level, solvency: Solvency): Event {
  const { equityAtoms, maintenanceAtoms } = solvency;
  // The first whole atom that brings MMR below 70 % of EQ, or the one after it.
  const shortageAtoms = levelPercent === 0 ? 0 : mulDivCeil(maintenanceAtoms, 10, 7) - equityAtoms + 1;
  const { marketId, side, sizeLots } = restoringOrder(account, levelPercent === 0 ? undefined : solvency);
  return {
    kind: 'marginCall',
    accountId: account.accountId,
    levelPercent,
    equityAtoms,
    maintenanceMarginAtoms: maintenanceAtoms,
    shortageAtoms,
    marketId,
    side,
    sizeLots,
  };
}

/** Puts the account among those that are looked at again, where it stands at most once. */
function lookAgain(state: EngineState, account: AccountState): void {
  if (account.warnedDueMs !== 0) return;
  account.warnedDueMs = state.timeMs + WARNED_LOOK_MS;
  addToQueue(state.warned, account.warnedDueMs, account.accountId);
}
