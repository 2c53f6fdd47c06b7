import {
  type Event,
  notionalAtoms,
  type OrderCloseReason,
  type OrderId,
  type PriceTicks,
  type QuoteAtoms,
  type SelfTradePrevention,
  type SelfTradeScope,
  type Side,
  type SizeLots,
} from '@keel/types';
import { feeAtoms, mayFill } from '../margin/accountFigures.ts';
import { changePosition } from '../margin/changePosition.ts';
import { isExpired, type OrderRecord } from '../orders/orderRecord.ts';
import { countMakerFill } from '../protection/countMakerFill.ts';
import type { EngineState, Holding, MarketState } from '../state.ts';
import { growAttached } from '../triggers/growAttached.ts';
import { closeOrder, cutLink } from './closeOrder.ts';
import { countResting } from './restOrder.ts';
import { shrinkOrder } from './shrinkOrder.ts';
import { trimReduceOnly } from './trimReduceOnly.ts';

/** An order on its way through the other side of the book. */
export interface Taker {
  readonly orderId: OrderId;
  /** Its record; undefined for a close-out, which was never accepted. */
  readonly order: OrderRecord | undefined;
  readonly holding: Holding;
  readonly side: Side;
  readonly limitTicks: PriceTicks;
  readonly selfTrade: SelfTradePrevention;
  readonly selfTradeScope: SelfTradeScope;
  /** A close-out: pays no taker fee, and its limit already is what its account can bear. */
  readonly liquidation: boolean;
  remainingLots: SizeLots;
  /** Quote atoms received (+) or paid (-) so far, fees apart. */
  cashAtoms: QuoteAtoms;
  /** Lots that went against its own orders without a trade. */
  decrementedLots: SizeLots;
  /** Set when something other than its size or limit ended it. */
  endedBy: OrderCloseReason | undefined;
}

/**
 * Trades the taker against the best resting orders, oldest first, until it is filled, its limit or something else ends
 * it. Every fill is at the maker's price. The loop looks at the front of the book anew each time, because a fill may
 * shrink or close other orders.
 */
export function matchTaker(state: EngineState, taker: Taker, events: Event[]): void {
  const { holding, limitTicks } = taker;
  const { market } = holding;
  const { book, resting, spec } = market;
  const { makerFeePpm, takerFeePpm } = spec;
  const buys = taker.side === 'buy';
  while (taker.remainingLots > 0 && taker.endedBy === undefined) {
    const slot = book.front(buys, limitTicks);
    if (slot === 0) return;
    const maker = resting[slot]!;
    if (isExpired(state, maker)) {
      closeMet(state, taker, maker, 'expired', events);
      continue;
    }
    if (isOwn(taker, maker)) {
      preventSelfTrade(state, taker, maker, events);
      continue;
    }
    const { priceTicks } = maker;
    const lots = Math.min(taker.remainingLots, book.lotsOf(slot));
    const takerLots = buys ? lots : -lots;
    const takerCashAtoms = notionalAtoms(spec, priceTicks, -takerLots);
    const makerFeeAtoms = feeAtoms(maker.holding, priceTicks, lots, makerFeePpm);
    const takerFeeAtoms = paysNoFee(taker) ? 0 : feeAtoms(holding, priceTicks, lots, takerFeePpm);
    // A price that ran away since the maker rested must not let this fill make its account bankrupt.
    if (!mayFill(maker.holding, -takerLots, -takerCashAtoms - makerFeeAtoms)) {
      closeOrder(state, maker, 'marginInsufficient', events);
      continue;
    }
    if (!taker.liquidation && opensTooMuch(market, maker.holding, holding, takerLots)) {
      taker.endedBy = 'openInterestLimit';
      return;
    }
    if (!taker.liquidation && !mayFill(holding, takerLots, takerCashAtoms - takerFeeAtoms)) {
      taker.endedBy = 'marginInsufficient';
      return;
    }
    fill(state, taker, maker, { lots, takerLots, takerCashAtoms, makerFeeAtoms, takerFeeAtoms }, events);
  }
}

/** The liquidation fee is bounded by what the account gets above the zero price, a taker fee would not be; a backstop vault pays none. */
function paysNoFee({ liquidation, holding }: Taker): boolean {
  return liquidation || holding.account.backstopOf !== undefined;
}

function isOwn({ holding, selfTradeScope }: Taker, maker: OrderRecord): boolean {
  const own = maker.holding.account;
  return own === holding.account || (selfTradeScope === 'owner' && own.owner === holding.account.owner);
}

/** What the taker's rule says when it meets an order of its own. */
function preventSelfTrade(state: EngineState, taker: Taker, maker: OrderRecord, events: Event[]): void {
  if (taker.selfTrade === 'decrement') {
    decrementBoth(state, taker, maker, events);
    return;
  }
  if (taker.selfTrade !== 'expireTaker') closeMet(state, taker, maker, 'selfTrade', events);
  if (taker.selfTrade !== 'expireMaker') taker.endedBy ??= 'selfTrade';
}

/** Ends a maker that will not trade. If the taker was linked with it, and has not traded, it goes too. */
function closeMet(
  state: EngineState,
  taker: Taker,
  maker: OrderRecord,
  reason: OrderCloseReason,
  events: Event[],
): void {
  const { order } = taker;
  const linked = order !== undefined && order.linkedOrderId === maker.orderId;
  closeOrder(state, maker, reason, events);
  if (!linked) return;
  order.linkedOrderId = 0;
  taker.endedBy = 'linkedOrder';
}

function decrementBoth(state: EngineState, taker: Taker, maker: OrderRecord, events: Event[]): void {
  const lots = Math.min(taker.remainingLots, maker.remainingLots);
  taker.remainingLots -= lots;
  taker.decrementedLots += lots;
  if (lots === maker.remainingLots) {
    closeMet(state, taker, maker, 'selfTrade', events);
    return;
  }
  shrinkOrder(state, maker, lots);
  events.push({ kind: 'orderRested', orderId: maker.orderId, remainingLots: maker.remainingLots });
}

/** Whether the fill would carry open interest beyond the market's limit. One that lowers it never does. */
function opensTooMuch(market: MarketState, maker: Holding, taker: Holding, takerLots: SizeLots): boolean {
  const opened = longAfter(maker, -takerLots) + longAfter(taker, takerLots);
  return opened > 0 && market.openInterestLots + opened > market.spec.maxOpenInterestLots;
}

/** Change of the long part of a position. */
function longAfter({ sizeLots }: Holding, deltaLots: SizeLots): SizeLots {
  return Math.max(sizeLots + deltaLots, 0) - Math.max(sizeLots, 0);
}

interface FillTerms {
  readonly lots: SizeLots;
  readonly takerLots: SizeLots;
  readonly takerCashAtoms: QuoteAtoms;
  readonly makerFeeAtoms: QuoteAtoms;
  readonly takerFeeAtoms: QuoteAtoms;
}

function fill(state: EngineState, taker: Taker, maker: OrderRecord, terms: FillTerms, events: Event[]): void {
  const { market } = taker.holding;
  const { lots, takerLots, takerCashAtoms, makerFeeAtoms, takerFeeAtoms } = terms;
  // The maker's record may be over, and its holding gone from the book, when the consequences are drawn.
  const makerHolding = maker.holding;
  const makerPnlAtoms = changePosition(state, makerHolding, -takerLots, -takerCashAtoms, events);
  const takerPnlAtoms = changePosition(state, taker.holding, takerLots, takerCashAtoms, events);
  makerHolding.account.collateralAtoms -= makerFeeAtoms;
  taker.holding.account.collateralAtoms -= takerFeeAtoms;
  state.feesAtoms += BigInt(makerFeeAtoms + takerFeeAtoms);
  taker.remainingLots -= lots;
  taker.cashAtoms += takerCashAtoms;
  if (taker.order !== undefined) taker.order.remainingLots -= lots;
  market.lastTicks = maker.priceTicks;
  countResting(maker, -lots);
  maker.remainingLots -= lots;
  state.dirty.orders.add(maker.orderId);
  events.push({
    kind: 'orderFilled',
    tradeId: state.nextTradeId,
    marketId: market.spec.marketId,
    priceTicks: maker.priceTicks,
    sizeLots: lots,
    takerSide: taker.side,
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerAccountId: makerHolding.account.accountId,
    takerAccountId: taker.holding.account.accountId,
    makerFeeAtoms,
    takerFeeAtoms,
    makerRealisedPnlAtoms: makerPnlAtoms,
    takerRealisedPnlAtoms: takerPnlAtoms,
    makerRemainingLots: maker.remainingLots,
    liquidation: taker.liquidation,
  });
  state.nextTradeId += 1;
  takeFromBook(state, maker, lots, events);
  drawConsequences(state, makerHolding, maker, events);
  drawConsequences(state, taker.holding, taker.order, events);
  if (makerHolding.account.protections.length > 0) countMakerFill(state, makerHolding, -takerLots, events);
}

/** The traded lots leave the book: the order with them, or an iceberg shows its next part behind the others. */
function takeFromBook(state: EngineState, maker: OrderRecord, lots: SizeLots, events: Event[]): void {
  const { book } = maker.holding.market;
  const emptied = lots === book.lotsOf(maker.slot);
  if (book.fill(maker.slot, lots)) {
    maker.slot = 0;
    closeOrder(state, maker, 'filled', events);
  } else if (emptied) {
    maker.queuePlace = state.nextQueuePlace;
    state.nextQueuePlace += 1;
    events.push({ kind: 'orderReplenished', orderId: maker.orderId, shownLots: book.lotsOf(maker.slot) });
  }
}

/** What a fill means for the other orders of the account, and for those that hang on this one. */
function drawConsequences(state: EngineState, holding: Holding, order: OrderRecord | undefined, events: Event[]): void {
  // An order that has traded stays, whatever becomes of the one it was linked with.
  const linked = order === undefined ? undefined : cutLink(state, order);
  trimReduceOnly(state, holding, events);
  if (linked !== undefined && linked.state !== 'over') closeOrder(state, linked, 'linkedOrder', events);
  if (order?.attached !== undefined) growAttached(state, order, events);
}
