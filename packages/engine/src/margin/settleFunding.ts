import { type Event, fundingOwedAtoms } from '@keel/types';
import type { EngineState, Holding } from '../state.ts';

/**
 * Moves the funding a position owes (or is owed) between its account and the market's pool. Rounded against the
 * account, so the pool keeps every remainder. Equity does not change: it counted the same amount already.
 */
export function settleFunding(state: EngineState, holding: Holding, events: Event[]): void {
  const { account, market } = holding;
  if (holding.fundingIndex === market.fundingIndex) return;
  const amountAtoms = fundingOwedAtoms(holding.sizeLots, holding.fundingIndex, market.fundingIndex);
  holding.fundingIndex = market.fundingIndex;
  if (amountAtoms === 0) return;
  account.collateralAtoms -= amountAtoms;
  market.fundingPoolAtoms += amountAtoms;
  state.dirty.accounts.add(account.accountId);
  state.dirty.markets.add(market.spec.marketId);
  events.push({ kind: 'fundingPaid', accountId: account.accountId, marketId: market.spec.marketId, amountAtoms });
}
