import type { FundingPaymentDoc } from '@keel/redis';
import type { AccountId, Event, EventBlock, MarketId, SizeLots } from '@keel/types';
import type { EngineView } from './engineView.ts';

/**
 * The funding payments of a block, in order. An event of one has no size, and the state has the size after the block; so the
 * trades of the block are taken back from its end to the payment, which comes before the trade that made it due.
 */
export function fundingPaymentsOf(block: EventBlock, view: EngineView): FundingPaymentDoc[] {
  const { events, sequence, timeMs } = block;
  const later = new Map<string, SizeLots>();
  const note = (accountId: AccountId, marketId: MarketId, lots: SizeLots): void => {
    const key = `${accountId}:${marketId}`;
    later.set(key, (later.get(key) ?? 0) + lots);
  };
  const payments: FundingPaymentDoc[] = [];
  for (const event of events.toReversed()) {
    takeTrade(event, note);
    if (event.kind !== 'fundingPaid') continue;
    const { accountId, marketId, amountAtoms } = event;
    const sizeLots = view.positionLots(accountId, marketId) - (later.get(`${accountId}:${marketId}`) ?? 0);
    const { fundingIndex, fundingRatePpb: ratePpb } = view.market(marketId);
    payments.push({ accountId, marketId, sizeLots, amountAtoms, fundingIndex, ratePpb, timeMs, sequence });
  }
  return payments.reverse();
}

/** What a trade adds to the positions of both sides, in the book or outside of it. */
function takeTrade(event: Event, note: (accountId: AccountId, marketId: MarketId, lots: SizeLots) => void): void {
  if (event.kind === 'orderFilled') {
    const lots = event.takerSide === 'buy' ? event.sizeLots : -event.sizeLots;
    note(event.takerAccountId, event.marketId, lots);
    note(event.makerAccountId, event.marketId, -lots);
  } else if (event.kind === 'positionCloseOut' && event.counterpartyId !== 0) {
    const lots = event.side === 'buy' ? event.filledLots : -event.filledLots;
    note(event.accountId, event.marketId, lots);
    note(event.counterpartyId, event.marketId, -lots);
  } else if (event.kind === 'positionDeleveraged') {
    // The rank has the position as it was before.
    const lots = event.rank.sizeLots > 0 ? -event.sizeLots : event.sizeLots;
    note(event.deleveragedAccountId, event.marketId, lots);
    note(event.bankruptAccountId, event.marketId, -lots);
  }
}
