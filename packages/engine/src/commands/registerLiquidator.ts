import type { Event, RegisterLiquidator, RejectCode } from '@keel/types';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Says whether the account may take close-out auctions from now on. What it took stays its own. */
export function registerLiquidator(
  state: EngineState,
  { auth, active }: RegisterLiquidator,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;

  const { accountId } = account;
  account.liquidator = active;
  state.dirty.accounts.add(accountId);
  events.push({ kind: 'liquidatorRegistered', accountId, active });
  return undefined;
}
