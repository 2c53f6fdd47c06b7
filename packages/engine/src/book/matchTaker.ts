import {
  type Event,
  notionalAtoms,
  type OrderId,
  type PriceTicks,
  type QuoteAtoms,
  type Side,
  type SizeLots,
} from '@keel/types';
import { feeAtoms, solvencyAfter, solvencyOf, staysCountable, staysSolvent } from '../margin/accountFigures.ts';
import { changePosition } from '../margin/changePosition.ts';
import type { BookOrder, EngineState, Holding } from '../state.ts';
import { closeOrder } from './closeOrder.ts';
import { bestLevel, bookSide, crosses, shrinkOrder } from './orderBook.ts';
import { trimReduceOnly } from './trimReduceOnly.ts';

/** An order on its way through the other side of the book. */
export interface Taker {
  readonly orderId: OrderId;
  readonly holding: Holding;
  readonly side: Side;
  readonly limitTicks: PriceTicks;
  /** A close-out: pays no taker fee, and its limit already is what its account can bear. */
  readonly liquidation: boolean;
  remainingLots: SizeLots;
  /** Quote atoms received (+) or paid (-) so far, fees apart. */
  cashAtoms: QuoteAtoms;
  /** Set when matching stopped because the next fill would push its own account towards bankruptcy. */
  marginShort: boolean;
}

/**
 * Trades the taker against the best resting orders, oldest first, until it is filled or its limit ends it. Every fill
 * is at the maker's price. The loop re-reads the head each time because a fill may shrink or close other orders.
 */
export function matchTaker(state: EngineState, taker: Taker, events: Event[]): void {
  const { market, account } = taker.holding;
  const opposite = bookSide(market.book, taker.side === 'buy' ? 'sell' : 'buy');
  const { makerFeePpm, takerFeePpm } = market.spec;
  while (taker.remainingLots > 0) {
    const level = bestLevel(opposite);
    if (level === undefined || !crosses(taker.side, taker.limitTicks, level.priceTicks)) return;
    const maker = level.head!;
    if (maker.holding.account === account) {
      closeOrder(state, maker, 'selfTrade', events);
      continue;
    }
    const priceTicks = level.priceTicks;
    const lots = Math.min(taker.remainingLots, maker.remainingLots);
    const takerLots = taker.side === 'buy' ? lots : -lots;
    const takerCashAtoms = notionalAtoms(market.spec, priceTicks, -takerLots);
    const makerFeeAtoms = feeAtoms(maker.holding, priceTicks, lots, makerFeePpm);
    const takerFeeAtoms = taker.liquidation ? 0 : feeAtoms(taker.holding, priceTicks, lots, takerFeePpm);
    // A price that ran away since the maker rested must not let this fill make its account bankrupt.
    if (!mayFill(maker.holding, -takerLots, -takerCashAtoms - makerFeeAtoms)) {
      closeOrder(state, maker, 'marginInsufficient', events);
      continue;
    }
    if (!taker.liquidation && !mayFill(taker.holding, takerLots, takerCashAtoms - takerFeeAtoms)) {
      taker.marginShort = true;
      return;
    }
    fill(state, taker, maker, { priceTicks, lots, takerLots, takerCashAtoms, makerFeeAtoms, takerFeeAtoms }, events);
  }
}

interface FillTerms {
  readonly priceTicks: PriceTicks;
  readonly lots: SizeLots;
  readonly takerLots: SizeLots;
  readonly takerCashAtoms: QuoteAtoms;
  readonly makerFeeAtoms: QuoteAtoms;
  readonly takerFeeAtoms: QuoteAtoms;
}

function mayFill(holding: Holding, deltaLots: SizeLots, cashAtoms: QuoteAtoms): boolean {
  const before = solvencyOf(holding.account);
  return (
    staysCountable(holding, cashAtoms) && staysSolvent(before, solvencyAfter(before, holding, deltaLots, cashAtoms))
  );
}

function fill(state: EngineState, taker: Taker, maker: BookOrder, terms: FillTerms, events: Event[]): void {
  const { market } = taker.holding;
  const { lots, takerLots, takerCashAtoms, makerFeeAtoms, takerFeeAtoms } = terms;
  const makerPnlAtoms = changePosition(state, maker.holding, -takerLots, -takerCashAtoms, events);
  const takerPnlAtoms = changePosition(state, taker.holding, takerLots, takerCashAtoms, events);
  maker.holding.account.collateralAtoms -= makerFeeAtoms;
  taker.holding.account.collateralAtoms -= takerFeeAtoms;
  state.feesAtoms += BigInt(makerFeeAtoms + takerFeeAtoms);
  taker.remainingLots -= lots;
  taker.cashAtoms += takerCashAtoms;
  market.lastTicks = terms.priceTicks;
  shrinkOrder(bookSide(market.book, maker.side), maker, lots);
  state.dirty.orders.add(maker.orderId);
  events.push({
    kind: 'orderFilled',
    tradeId: state.nextTradeId,
    marketId: market.spec.marketId,
    priceTicks: terms.priceTicks,
    sizeLots: lots,
    takerSide: taker.side,
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerAccountId: maker.accountId,
    takerAccountId: taker.holding.account.accountId,
    makerFeeAtoms,
    takerFeeAtoms,
    makerRealisedPnlAtoms: makerPnlAtoms,
    takerRealisedPnlAtoms: takerPnlAtoms,
    makerRemainingLots: maker.remainingLots,
    liquidation: taker.liquidation,
  });
  state.nextTradeId += 1;
  if (maker.remainingLots === 0) closeOrder(state, maker, 'filled', events);
  trimReduceOnly(state, maker.holding, events);
  trimReduceOnly(state, taker.holding, events);
}
