import type { AccountId, Event, MarketId, SizeLots } from '@keel/types';
import type { EngineView } from './engineView.ts';

/** Markets have numbers below this. */
const MARKETS_MAX = 256;

/**
 * Positions before the steps of a block: of an `orderFilled` the taker's and the maker's, of a `fundingPaid` the payer's, twice.
 * Events do not have them, and the state has them after the block; so the trades are taken back from its end.
 */
export function positionsBefore(
  events: readonly Event[],
  view: EngineView,
): ReadonlyMap<Event, readonly [SizeLots, SizeLots]> {
  const positions = new Map<number, SizeLots>();
  /** The position before `lots` were added to it. */
  const takeBack = (accountId: AccountId, marketId: MarketId, lots: SizeLots): SizeLots => {
    const key = accountId * MARKETS_MAX + marketId;
    const before = (positions.get(key) ?? view.positionLots(accountId, marketId)) - lots;
    positions.set(key, before);
    return before;
  };
  const before = new Map<Event, readonly [SizeLots, SizeLots]>();
  for (let at = events.length - 1; at >= 0; at -= 1) {
    const event = events[at]!;
    if (event.kind === 'orderFilled') {
      const { marketId } = event;
      const lots = event.takerSide === 'buy' ? event.sizeLots : -event.sizeLots;
      before.set(event, [
        takeBack(event.takerAccountId, marketId, lots),
        takeBack(event.makerAccountId, marketId, -lots),
      ]);
    } else if (event.kind === 'positionCloseOut' && event.counterpartyId !== 0) {
      const lots = event.side === 'buy' ? event.filledLots : -event.filledLots;
      takeBack(event.accountId, event.marketId, lots);
      takeBack(event.counterpartyId, event.marketId, -lots);
    } else if (event.kind === 'positionDeleveraged') {
      // The rank has the position as it was; it became smaller.
      const lots = event.rank.sizeLots > 0 ? -event.sizeLots : event.sizeLots;
      takeBack(event.deleveragedAccountId, event.marketId, lots);
      takeBack(event.bankruptAccountId, event.marketId, -lots);
    } else if (event.kind === 'fundingPaid') {
      // It is paid right before the trade that makes it due.
      const lots = takeBack(event.accountId, event.marketId, 0);
      before.set(event, [lots, lots]);
    }
  }
  return before;
}
