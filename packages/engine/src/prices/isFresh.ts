import type { AccountState, EngineState, MarketState } from '../state.ts';

/** Whether the market's index is young enough to add risk, to sample funding and to liquidate on. Never in a halt. */
export function isFresh(state: EngineState, market: MarketState): boolean {
  if (market.tradingStatus === 'halted') return false;
  return market.indexTicks > 0 && state.timeMs - market.indexTimeMs <= market.spec.indexStaleMs;
}

/** Whether every market in which the account has a position is fresh. */
export function positionsAreFresh(state: EngineState, account: AccountState): boolean {
  for (const holding of account.holdings) if (holding.sizeLots !== 0 && !isFresh(state, holding.market)) return false;
  return true;
}
