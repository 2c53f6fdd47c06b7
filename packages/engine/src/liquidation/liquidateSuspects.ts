import type { Event } from '@keel/types';
import { CLOSE_OUT_ACCOUNTS_PER_COMMAND } from '../limits.ts';
import { type Solvency, solvencyOf } from '../margin/accountFigures.ts';
import { accountPermits } from '../prices/permissions.ts';
import { type AccountState, accountOf, type EngineState } from '../state.ts';
import { closeOutAccount, endLiquidation, isUnderMargined } from './closeOutAccount.ts';
import { watchAccount } from './watchAccount.ts';

interface Suspect {
  readonly account: AccountState;
  readonly solvency: Solvency;
}

/**
 * Looks at every account whose margin the command may have worsened and gives those under maintenance a turn: most
 * under-margined first, then lowest id. Those beyond the bound stay suspects and come with the next command, before
 * anybody gets a second turn, so nobody starves. Nobody is closed out on a stale price.
 */
export function liquidateSuspects(state: EngineState, events: Event[]): void {
  if (state.suspects.size === 0) return;
  const weak = takeWeak(state, events);
  if (weak.length === 0) return;
  let waiting = weak.filter(({ account }) => account.closeOutRound < state.closeOutRound);
  if (waiting.length === 0) {
    state.closeOutRound += 1;
    waiting = weak;
  }
  waiting.sort(byShortage);
  const turns = waiting.slice(0, CLOSE_OUT_ACCOUNTS_PER_COMMAND);
  for (const { account } of weak) state.suspects.add(account.accountId);
  for (const { account } of turns) {
    account.closeOutRound = state.closeOutRound;
    state.suspects.delete(account.accountId);
    // An earlier turn of this command may have traded with it.
    if (isUnderMargined(solvencyOf(account))) closeOutAccount(state, account, events);
    else if (account.liquidationId !== 0) endLiquidation(state, account, events);
    else watchAccount(state, account, solvencyOf(account));
  }
  // The round is over when nobody is left waiting: whoever had a turn in it may have one again.
  if (turns.length === waiting.length) state.closeOutRound += 1;
}

/** Empties the suspects into those that can be closed out now. Those with a stale market are parked. */
function takeWeak(state: EngineState, events: Event[]): Suspect[] {
  const weak: Suspect[] = [];
  const suspects = [...state.suspects].sort((a, b) => a - b);
  state.suspects.clear();
  for (const accountId of suspects) {
    const account = accountOf(state, accountId);
    const solvency = solvencyOf(account);
    state.parked.delete(accountId);
    if (!isUnderMargined(solvency)) {
      if (account.liquidationId !== 0) endLiquidation(state, account, events);
      watchAccount(state, account, solvency);
    } else if (accountPermits(state, account, 'liquidate')) {
      weak.push({ account, solvency });
    } else {
      state.parked.add(accountId);
    }
  }
  return weak;
}

/** Some price is fresh again: whoever waited for that is looked at after this command. */
export function unpark(state: EngineState): void {
  for (const accountId of state.parked) state.suspects.add(accountId);
  state.parked.clear();
}

/** Lowest EQ / MMR first, compared without dividing; then lowest id. */
function byShortage(a: Suspect, b: Suspect): number {
  const left = BigInt(a.solvency.equityAtoms) * BigInt(b.solvency.maintenanceAtoms);
  const right = BigInt(b.solvency.equityAtoms) * BigInt(a.solvency.maintenanceAtoms);
  return left === right ? a.account.accountId - b.account.accountId : left < right ? -1 : 1;
}
