import { type Account, type KeelClient, KeelError, type TakenAuction } from '@keel/client';
import type { Logger } from '@keel/runtime';
import { divFloor, formatDecimal, QUOTE_DECIMALS } from '@keel/types';
import type { AuctionRecord } from './auctionBoard.ts';
import type { Books } from './books.ts';
import { type Decision, decideAuction, type Means, type TakingRules } from './decideAuction.ts';
import { heldAtoms, type MarketView, unitsOf } from './marketView.ts';
import { count, type Tally } from './tally.ts';

type Take = Extract<Decision, { kind: 'take' }>;

/** What a look at an auction is based on. */
export interface Sight {
  readonly markets: ReadonlyMap<string, MarketView>;
  readonly account: Account;
}

export interface AuctionTaker {
  /** Decides about one auction and takes it; true when the account is another afterwards. Never throws KeelError. */
  look(record: AuctionRecord, sight: Sight): Promise<boolean>;
}

export function createAuctionTaker(context: {
  readonly client: Pick<KeelClient, 'takeAuction' | 'nextNonce'>;
  readonly books: Pick<Books, 'quotes'>;
  readonly rules: TakingRules;
  readonly tally: Tally;
  readonly log: Logger;
}): AuctionTaker {
  const { client, books, rules, tally, log } = context;

  const decide = (record: AuctionRecord, { markets, account }: Sight): Take | string => {
    const { auction } = record;
    const market = markets.get(auction.market);
    if (auction.account === account.address) return 'own';
    if (!account.liquidator) return 'notRegistered';
    if (account.inLiquidation) return 'inLiquidation';
    if (account.isolatedMarket !== null && account.isolatedMarket !== auction.market) return 'otherMarket';
    if (market === undefined || !market.isFresh || market.markTicks === 0 || market.indexTicks === 0) return 'noPrice';
    if (!market.isOpen) return 'notOpen';
    const offer = {
      side: auction.takerSide,
      limitTicks: unitsOf(auction.limitPrice, market.priceDecimals),
      remainingLots: Math.min(record.lotsMax, unitsOf(auction.remainingSize, market.sizeDecimals)),
    };
    // The close-out of a long eats bids, and asks stay as they are.
    const untouched = books.quotes(market, offer.side === 'buy' ? 'asks' : 'bids');
    const decision = decideAuction(offer, market, untouched, meansOf(account, auction.market, markets), rules);
    return decision.kind === 'take' ? decision : decision.reason;
  };

  const taken = (record: AuctionRecord, market: MarketView, answer: TakenAuction): boolean => {
    const { takenSize, limitPrice } = answer;
    const lots = unitsOf(takenSize, market.sizeDecimals);
    if (lots === 0 || limitPrice === null) {
      record.reason = 'bookWasFirst';
      return false;
    }
    record.takenLots += lots;
    record.takenSize = formatDecimal(record.takenLots, market.sizeDecimals);
    record.takenPrice = limitPrice;
    tally.takes += 1;
    tally.takenAtoms += lots * unitsOf(limitPrice, market.priceDecimals) * market.atomsPerTickLot;
    tally.pnlAtoms += unitsOf(answer.realisedPnl, QUOTE_DECIMALS);
    return true;
  };

  const refused = (record: AuctionRecord, asked: { readonly nonce: number; readonly lots: number }, code: string) => {
    const wasLost = record.openNonce !== undefined;
    record.openNonce = code === 'OUTCOME_UNKNOWN' ? asked.nonce : undefined;
    record.reason = code === 'NONCE_ALREADY_USED' && wasLost ? 'answerLost' : code;
    if (code === 'LIQUIDATOR_MARGIN_INSUFFICIENT') record.lotsMax = Math.max(1, divFloor(asked.lots, 2));
    count(tally.refusedByCode, code);
  };

  return {
    look: async (record, sight) => {
      const decision = decide(record, sight);
      if (typeof decision === 'string') {
        record.reason = decision;
        return false;
      }
      const market = sight.markets.get(record.auction.market) as MarketView;
      const { auctionId } = record.auction;
      const size = formatDecimal(decision.sizeLots, market.sizeDecimals);
      const price = formatDecimal(decision.worstTicks, market.priceDecimals);
      const nonce = record.openNonce ?? client.nextNonce();
      const facts = { auctionId, market: market.symbol, side: record.auction.takerSide, size };
      record.isAsked = true;
      try {
        const answer = await client.takeAuction(
          { market: market.symbol, auctionId, size, price },
          { over: 'ws', nonce },
        );
        record.openNonce = undefined;
        const isTaken = taken(record, market, answer);
        const expected = formatDecimal(decision.expectedAtoms, QUOTE_DECIMALS);
        if (isTaken) log.info({ ...facts, takenSize: answer.takenSize, price: answer.limitPrice, expected }, 'taken');
        return isTaken;
      } catch (fault) {
        if (!(fault instanceof KeelError)) throw fault;
        refused(record, { nonce, lots: decision.sizeLots }, fault.code);
        log.debug({ ...facts, reason: fault.code }, 'not taken');
        // Whether it arrived is told by the account alone.
        return record.reason === 'answerLost';
      } finally {
        record.isAsked = false;
      }
    },
  };
}

function meansOf(account: Account, symbol: string, markets: ReadonlyMap<string, MarketView>): Means {
  let held = 0;
  let lotsHere = 0;
  for (const { market: at, size } of account.positions) {
    const market = markets.get(at);
    if (market === undefined) continue;
    const lots = unitsOf(size, market.sizeDecimals);
    held += heldAtoms(market, lots);
    if (at === symbol) lotsHere = lots;
  }
  const freeAtoms = unitsOf(account.equity, QUOTE_DECIMALS) - unitsOf(account.initialMargin, QUOTE_DECIMALS);
  return { heldLots: lotsHere, heldAtoms: held, freeAtoms };
}
