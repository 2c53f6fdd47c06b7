import type { Submitted } from '@keel/intake';
import type { AuctionDoc, EndedAuction } from '@keel/redis';
import type { MarketSpec } from '@keel/types';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { TakeAuctionAnswer } from '../wire/answers.ts';
import type { AuctionAnswer, EndedAuctionAnswer } from '../wire/riskAnswers.ts';
import { type AccountNames, nameOf } from './accountNames.ts';
import { formatAck } from './formatAck.ts';
import { formatAveragePrice } from './formatAveragePrice.ts';
import { formatPrice, formatQuote, formatSize } from './formatMarket.ts';

/** `names` should hold the account. */
export function formatAuction(auction: AuctionDoc, names: AccountNames, markets: MarketDirectory): AuctionAnswer {
  const { spec, markTicks } = markets.byId(auction.marketId);
  const { owner, subaccount } = nameOf(names, auction.accountId);
  return {
    auctionId: auction.auctionId,
    liquidationId: String(auction.liquidationId),
    account: owner,
    subaccount,
    market: spec.symbol,
    side: auction.side,
    takerSide: auction.side === 'buy' ? 'sell' : 'buy',
    size: formatSize(auction.sizeLots, spec),
    remainingSize: formatSize(auction.remainingLots, spec),
    limitPrice: formatPrice(auction.limitTicks, spec),
    fillablePrice: formatPrice(auction.fillableTicks, spec),
    zeroPrice: formatPrice(auction.zeroTicks, spec),
    mark: formatPrice(markTicks, spec),
    startTime: auction.startMs,
    endsAt: auction.endsAtMs,
  };
}

export function formatEndedAuction(ended: EndedAuction, markets: MarketDirectory): EndedAuctionAnswer {
  const spec = markets.spec(ended.marketId);
  const { auctionId, reason } = ended;
  return { auctionId, market: spec.symbol, reason, remainingSize: formatSize(ended.remainingLots, spec) };
}

/**
 * What the liquidator got: the step of this auction that has an account as its other side. There is none where the book,
 * which is asked first, left nothing, or changed what the rest would have cost.
 */
export function formatTakeAuction(block: Submitted, auctionId: number, spec: MarketSpec): TakeAuctionAnswer {
  const { events } = block;
  const at = events.findIndex(
    (event) => event.kind === 'positionCloseOut' && event.auctionId === auctionId && event.counterpartyId !== 0,
  );
  const taken = events[at];
  const last = events.findLast(
    (event) => (event.kind === 'auctionStepped' || event.kind === 'auctionEnded') && event.auctionId === auctionId,
  );
  const remainingLots = last?.kind === 'auctionStepped' || last?.kind === 'auctionEnded' ? last.remainingLots : 0;
  if (taken?.kind !== 'positionCloseOut') {
    const nothing = { averagePrice: null, limitPrice: null, realisedPnl: '0', certificateId: null };
    return {
      ...formatAck(block),
      auctionId,
      takenSize: '0',
      ...nothing,
      remainingSize: formatSize(remainingLots, spec),
    };
  }
  const certified = events.slice(at).find((event) => event.kind === 'closeOutCertified');
  return {
    ...formatAck(block),
    auctionId,
    takenSize: formatSize(taken.filledLots, spec),
    averagePrice: formatAveragePrice(taken.quoteAtoms, taken.filledLots, spec),
    limitPrice: formatPrice(taken.limitTicks, spec),
    realisedPnl: formatQuote(taken.counterpartyPnlAtoms),
    remainingSize: formatSize(remainingLots, spec),
    certificateId: certified?.kind === 'closeOutCertified' ? certified.certificate.certificateId : null,
  };
}
