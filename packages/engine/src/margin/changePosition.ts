import { assert, assertSafeInteger, type Event, mulDivFloor, type QuoteAtoms, type SizeLots } from '@keel/types';
import type { EngineState, Holding, MarketState } from '../state.ts';
import { settleFunding } from './settleFunding.ts';

/**
 * Adds `deltaLots` (bought > 0) for `cashAtoms` (received > 0) and returns the profit that moved into collateral.
 * Money only moves: collateral - entry changes by exactly `cashAtoms`, whichever way the entry's part is rounded.
 */
export function changePosition(
  state: EngineState,
  holding: Holding,
  deltaLots: SizeLots,
  cashAtoms: QuoteAtoms,
  events: Event[],
): QuoteAtoms {
  assert(deltaLots !== 0, 'a position change of nothing');
  settleFunding(state, holding, events);
  const { account, market, sizeLots, entryNotionalAtoms } = holding;
  const againstPosition = sizeLots !== 0 && sizeLots > 0 !== deltaLots > 0;
  const closedLots = againstPosition ? Math.min(Math.abs(deltaLots), Math.abs(sizeLots)) : 0;
  const closedCashAtoms = againstPosition ? mulDivFloor(cashAtoms, closedLots, Math.abs(deltaLots)) : 0;
  const closedEntryAtoms = againstPosition ? mulDivFloor(entryNotionalAtoms, closedLots, Math.abs(sizeLots)) : 0;
  const realisedAtoms = closedCashAtoms - closedEntryAtoms;

  holding.sizeLots = sizeLots + deltaLots;
  holding.entryNotionalAtoms = entryNotionalAtoms - closedEntryAtoms - (cashAtoms - closedCashAtoms);
  account.collateralAtoms = assertSafeInteger(account.collateralAtoms + realisedAtoms, 'collateral');
  market.openInterestLots += Math.max(holding.sizeLots, 0) - Math.max(sizeLots, 0);
  if (sizeLots === 0) addHolder(market, holding);
  if (holding.sizeLots === 0) {
    removeHolder(market, holding);
    state.emptied.push(holding);
  }
  // Its share was reckoned for the position it was.
  holding.watched = false;
  state.suspects.add(account.accountId);
  state.dirty.accounts.add(account.accountId);
  state.dirty.markets.add(market.spec.marketId);
  return realisedAtoms;
}

/** Puts a holding that has a position among the market's holders. */
export function addHolder({ holders }: MarketState, holding: Holding): void {
  holding.holderPlace = holders.length;
  holders.push(holding);
}

/** The last one takes the place that becomes free. */
function removeHolder({ holders }: MarketState, holding: Holding): void {
  const place = holding.holderPlace;
  assert(holders[place] === holding, 'no holder is account', holding.account.accountId);
  const last = holders.pop()!;
  if (last !== holding) {
    holders[place] = last;
    last.holderPlace = place;
  }
  holding.holderPlace = -1;
}
