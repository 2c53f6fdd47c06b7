import { accountPermits } from '../prices/permissions.ts';
import { accountOf, type EngineState } from '../state.ts';

/** Some price is good again: whoever waited for it is looked at after this command. The others go on waiting. */
export function unpark(state: EngineState): void {
  for (const accountId of state.parked) {
    if (!accountPermits(state, accountOf(state, accountId), 'liquidate')) continue;
    state.suspects.add(accountId);
    state.parked.delete(accountId);
  }
}
