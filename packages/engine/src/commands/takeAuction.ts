import {
  accountMargin,
  type Event,
  fundingOwedAtoms,
  type MarginPosition,
  notionalAtoms,
  type PriceTicks,
  type QuoteAtoms,
  REJECT_CODES,
  type RejectCode,
  type SizeLots,
  type TakeAuction,
} from '@keel/types';
import { crosses } from '../book/crosses.ts';
import { createHolding, findHolding, openHolding } from '../holdings.ts';
import { ACCOUNT_NOTIONAL_ATOMS_MAX } from '../limits.ts';
import { type AuctionTerms, auctionTerms, endAuction, isOver, tellStep } from '../liquidation/auctions.ts';
import { closeOutOnBook } from '../liquidation/closeOutOnBook.ts';
import { closingLots, isUnderMargined } from '../liquidation/closeOutTerms.ts';
import { handOver } from '../liquidation/handOver.ts';
import { mostLots } from '../liquidation/mostLots.ts';
import { marginBalances, marginPosition, solvencyOf, staysCountable } from '../margin/accountFigures.ts';
import { exceedsConcentration, exceedsPositionLimit } from '../margin/openSize.ts';
import { isCount, isPrice } from '../orders/checkFit.ts';
import { checkStatus, isOfAnother, mayAddRisk } from '../orders/checkNow.ts';
import { accountPermits } from '../prices/permissions.ts';
import {
  type AccountState,
  type Auction,
  type EngineState,
  findMarket,
  type Holding,
  type MarketState,
} from '../state.ts';
import { authorize } from './authorize.ts';

/**
 * A registered liquidator takes lots of a running auction at the price of this moment. The book is asked first, as in every
 * step; where it has bids enough for all, nothing is left to take. No taker fee. It must cover initial margin with what it
 * takes, and keep to the market's limits for one position and one owner; it takes fewer lots than asked for when others
 * came before.
 */
export function takeAuction(state: EngineState, command: TakeAuction, events: Event[]): RejectCode | undefined {
  const { auth, auctionId, marketId, sizeLots, limitTicks } = command;
  const taker = authorize(state, auth, 'ownerOrAgent');
  if (typeof taker === 'number') return taker;
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  if (!isPrice(market, limitTicks, 1)) return REJECT_CODES.PRICE_OUT_OF_RANGE;
  if (!isCount(sizeLots, 1, market.spec.maxPositionLots)) return REJECT_CODES.SIZE_OUT_OF_RANGE;
  if (isOfAnother(taker, market)) return REJECT_CODES.MARKET_NOT_OF_SUBACCOUNT;
  const closed = checkStatus(market, 'ioc');
  if (closed !== undefined) return closed;
  if (!mayAddRisk(state, taker, market)) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (taker.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  const auction = findAuction(state, auctionId, market);
  if (typeof auction === 'number') return auction;
  // The account's other prices must be good enough for it to be closed at all.
  if (!accountPermits(state, auction.account, 'liquidate')) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  const terms = isUnderMargined(solvencyOf(auction.account)) ? auctionTerms(state, auction) : undefined;
  if (terms === undefined || isOver(state, auction) || bookTakesAll(market, terms)) return REJECT_CODES.AUCTION_OVER;
  if (auction.account.main === taker.main) return REJECT_CODES.AUCTION_IS_OWN;
  if (isWorse(terms, limitTicks)) return REJECT_CODES.AUCTION_PRICE_WORSE;
  if (!taker.liquidator) return REJECT_CODES.LIQUIDATOR_NOT_REGISTERED;
  if (!mayTake(taker, market, terms, Math.min(sizeLots, terms.lots)))
    return REJECT_CODES.LIQUIDATOR_MARGIN_INSUFFICIENT;

  take(state, auction, taker, terms, command, events);
  return undefined;
}

/** A running auction of that market, or the reason why there is none. */
function findAuction(state: EngineState, auctionId: number, market: MarketState): Auction | RejectCode {
  const auction = state.auctions.get(auctionId);
  if (auction !== undefined) return auction.market === market ? auction : REJECT_CODES.AUCTION_UNKNOWN;
  return isCount(auctionId, 1, state.nextAuctionId - 1) ? REJECT_CODES.AUCTION_OVER : REJECT_CODES.AUCTION_UNKNOWN;
}

/** Whether orders that rest at the auction's price or better show as many lots as it has left. */
function bookTakesAll({ book }: MarketState, { holding, lots, limitTicks }: AuctionTerms): boolean {
  const sells = holding.sizeLots > 0;
  if (!crosses(book, sells ? 'sell' : 'buy', limitTicks)) return false;
  let shownLots = 0;
  let ticks = sells ? book.bestBid : book.bestAsk;
  while (ticks !== 0 && shownLots < lots && (sells ? ticks >= limitTicks : ticks <= limitTicks)) {
    shownLots += book.lotsAt(ticks);
    ticks = sells ? book.levelBelow(ticks) : book.levelAbove(ticks);
  }
  return shownLots >= lots;
}

/** Whether the auction's price is worse for a liquidator than he wants it. */
function isWorse({ holding, limitTicks }: AuctionTerms, wantedTicks: PriceTicks): boolean {
  return holding.sizeLots > 0 ? limitTicks > wantedTicks : limitTicks < wantedTicks;
}

function take(
  state: EngineState,
  auction: Auction,
  taker: AccountState,
  asked: AuctionTerms,
  { sizeLots, limitTicks }: TakeAuction,
  events: Event[],
): void {
  const { auctionId, market, account } = auction;
  const bookLots = closeOutOnBook(state, { events }, { ...asked, auctionId });
  const leftLots = asked.lots - bookLots;
  // Its fills may have changed the price by a tick, and both accounts.
  const terms = bookLots === 0 ? asked : auctionTerms(state, { ...auction, remainingLots: leftLots });
  const stands = terms !== undefined && !isWorse(terms, limitTicks) && isUnderMargined(solvencyOf(account));
  const wantedLots = stands ? Math.min(sizeLots, leftLots) : 0;
  const lots = mostLots(wantedLots, (some) => terms !== undefined && mayTake(taker, market, terms, some));
  if (terms !== undefined && lots > 0) {
    handOver(
      state,
      {
        ...terms,
        stage: 'auction',
        from: terms.holding,
        to: openHolding(state, taker, market),
        sizeLots: leftLots,
        lots,
        quoteAtoms: quoteOf(terms, lots),
        auctionId,
      },
      events,
    );
  }
  if (leftLots === lots) endAuction(state, account, 'filled', events);
  else tellStep(state, auction, (terms ?? asked).limitTicks, leftLots - lots, events);
}

/** Signed: what the account that is closed receives (+) or pays (-) for so many lots at the auction's price. */
function quoteOf({ holding, limitTicks }: AuctionTerms, lots: SizeLots): QuoteAtoms {
  return notionalAtoms(holding.market.spec, limitTicks, holding.sizeLots > 0 ? lots : -lots);
}

/** Whether the liquidator covers initial margin with these lots, and keeps to the limits of the market. */
function mayTake(taker: AccountState, market: MarketState, terms: AuctionTerms, lots: SizeLots): boolean {
  const deltaLots = -closingLots(terms.holding, lots);
  const cashAtoms = -quoteOf(terms, lots);
  const held = findHolding(taker, market);
  const order = {
    side: deltaLots > 0 ? ('buy' as const) : ('sell' as const),
    limitTicks: terms.limitTicks,
    sizeLots: lots,
    mayRest: false,
  };
  if (exceedsPositionLimit(market, held, order, undefined)) return false;
  if (exceedsConcentration(taker, market, order, undefined)) return false;
  const subject = held ?? createHolding(taker, market);
  if (!staysCountable(subject, cashAtoms)) return false;
  const positions = taker.holdings.filter((holding) => holding !== held).map((holding) => marginPosition(holding));
  positions.push(positionAfter(subject, deltaLots, cashAtoms));
  const margin = accountMargin(taker.collateralAtoms, positions, marginBalances(taker));
  return (
    margin.totalNotionalAtoms <= ACCOUNT_NOTIONAL_ATOMS_MAX && margin.cautiousEquityAtoms >= margin.cautiousMarginAtoms
  );
}

/** The position as it would be; what it owes in funding so far counts as paid for it. */
function positionAfter(holding: Holding, deltaLots: SizeLots, cashAtoms: QuoteAtoms): MarginPosition {
  const position = marginPosition(holding);
  const { sizeLots, entryNotionalAtoms, positionFundingIndex, marketFundingIndex } = position;
  return {
    ...position,
    sizeLots: sizeLots + deltaLots,
    entryNotionalAtoms:
      entryNotionalAtoms - cashAtoms + fundingOwedAtoms(sizeLots, positionFundingIndex, marketFundingIndex),
    positionFundingIndex: marketFundingIndex,
  };
}
