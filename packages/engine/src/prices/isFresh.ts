import type { AccountState, EngineState, MarketState } from '../state.ts';
import { accountPermits, marketPermits } from './permissions.ts';

export function isFresh(state: EngineState, market: MarketState): boolean {
  return marketPermits(state, market, 'liquidate');
}

export function positionsAreFresh(state: EngineState, account: AccountState): boolean {
  return accountPermits(state, account, 'liquidate');
}
