import {
  cautiousTicks,
  divFloor,
  marketInitialMarginAtoms,
  mulDivCeil,
  mulDivFloor,
  notionalAtoms,
  type OpenOrderTotals,
  PPM,
  type PriceTicks,
  type QuoteAtoms,
  type Side,
  type SizeLots,
} from '@keel/types';
import { bestOpposite, crosses } from '../book/crosses.ts';
import { findHolding, leverageIn } from '../holdings.ts';
import { ACCOUNT_NOTIONAL_ATOMS_MAX } from '../limits.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { AccountState, Holding, MarketState } from '../state.ts';
import { cautiousEquityOf } from './accountFigures.ts';
import { NO_TOTALS, totalsAtMost, totalsOf } from './openTotals.ts';

/** The order as the margin arithmetic sees it. */
export interface NewOrder {
  readonly side: Side;
  readonly limitTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  /** Whether what does not trade at once rests. */
  readonly mayRest: boolean;
}

/** What an order would cost at once: its part of the open lots, of the open loss, and the fees. */
interface Cost {
  lots: SizeLots;
  lossAtoms: QuoteAtoms;
  feesAtoms: QuoteAtoms;
}

/**
 * What equity has above initial margin with the order's fills done and its rest among the open orders, fees paid: below 0
 * the order is not covered. Not less than is told, if it is not below 0. The
 * fills are counted at the prices they will have and not at the limit: a market order's limit lies a whole slippage
 * cap away, and its distance from mark would eat the margin of every leveraged order. What is covered here stays
 * covered when it fills: only prices and open interest can take an account below. Sizes count at the higher of mark and
 * stable price, and equity without what only the mark shows.
 */
export function spareAtomsAfter(
  account: AccountState,
  market: MarketState,
  order: NewOrder,
  instead: OrderRecord | undefined,
): QuoteAtoms {
  const orderAtoms = notionalAtoms(market.spec, order.limitTicks, order.sizeLots);
  if (exceedsNotional(account, orderAtoms)) return -1;
  const equity = cautiousEquityOf(account);
  const holding = findHolding(account, market);
  const totals = holding === undefined ? NO_TOTALS : totalsAtMost(holding, instead);
  const cost = costOf(account, market, order, tooManyLots(market, order.side, holding?.sizeLots ?? 0, totals, equity));
  const freeAtoms = equity - cost.feesAtoms;
  // Mostly it is covered by far, and then the sums say so without a look at the account's orders.
  const atLeast = freeAtoms - initialAtomsWith(account, market, order.side, cost, instead, totalsAtMost);
  return atLeast >= 0 ? atLeast : freeAtoms - initialAtomsWith(account, market, order.side, cost, instead, totalsOf);
}

/** IM of the account with the order's cost on top of its market, the other open orders summed up by `sumUp`. */
function initialAtomsWith(
  account: AccountState,
  market: MarketState,
  side: Side,
  cost: Cost,
  instead: OrderRecord | undefined,
  sumUp: (holding: Holding, instead: OrderRecord | undefined) => OpenOrderTotals,
): QuoteAtoms {
  let atoms = 0;
  for (const holding of account.holdings) {
    if (holding.market === market) continue;
    const { sizeLots, leverage } = holding;
    const ticks = cautiousTicks(holding.market);
    atoms += marketInitialMarginAtoms(holding.market, ticks, sizeLots, leverage, sumUp(holding, instead));
  }
  const holding = findHolding(account, market);
  const { buyLots, sellLots, lossAtoms } = holding === undefined ? NO_TOTALS : sumUp(holding, instead);
  const totals = {
    buyLots: side === 'buy' ? buyLots + cost.lots : buyLots,
    sellLots: side === 'sell' ? sellLots + cost.lots : sellLots,
    lossAtoms: lossAtoms + cost.lossAtoms,
  };
  const leverage = holding === undefined ? leverageIn(account, market) : holding.leverage;
  const sizeLots = holding?.sizeLots ?? 0;
  return atoms + marketInitialMarginAtoms(market, cautiousTicks(market), sizeLots, leverage, totals);
}

/**
 * A number of lots, at least 1, of which the margin in this market alone is more than equity: nobody walks further
 * through the book than that, so an order far beyond its account's means costs no long walk before it is refused. The
 * lowest rate at mark: tiers, open interest, leverage and a stable price only make it more.
 */
function tooManyLots(
  { spec, markTicks }: MarketState,
  side: Side,
  sizeLots: SizeLots,
  { buyLots, sellLots }: OpenOrderTotals,
  equity: QuoteAtoms,
): SizeLots {
  const openLots = side === 'buy' ? sizeLots + buyLots : sellLots - sizeLots;
  // Below an atom of margin per lot the quotient could leave the safe integers; such a walk is bounded by nothing else.
  const perLotAtoms = mulDivFloor(notionalAtoms(spec, markTicks, 1), spec.initialMarginPpm, PPM);
  if (perLotAtoms === 0) return Number.MAX_SAFE_INTEGER;
  return Math.max(1, divFloor(Math.max(equity, 0), perLotAtoms) + 1 - openLots);
}

/**
 * What the order would do to the book as it stands: the fills it would take at once, price by price, and what would
 * rest, seen no further than `mostLots`. What an ioc order cannot take is dropped and costs nothing. The account's own
 * resting orders do not count, whatever its self-trade rule. As long as the walk of the match itself, and as exact,
 * unless a maker on the way turns out to lack margin; then the match goes on at a worse price and its own check per fill
 * holds the line at maintenance. Fees are rounded up once a price, so several makers at one price may cost an atom each
 * more.
 */
function costOf(account: AccountState, market: MarketState, order: NewOrder, mostLots: SizeLots): Cost {
  const { spec, book } = market;
  const { side, limitTicks } = order;
  const buys = side === 'buy';
  const cost: Cost = { lots: 0, lossAtoms: 0, feesAtoms: 0 };
  let leftLots = Math.min(order.sizeLots, mostLots);
  if (crosses(book, side, limitTicks)) {
    let ticks = bestOpposite(book, side);
    while (ticks !== 0 && leftLots > 0 && (buys ? ticks <= limitTicks : ticks >= limitTicks)) {
      const takenLots = takeableLots(account, market, ticks, leftLots);
      if (takenLots > 0) addCost(cost, market, buys, ticks, takenLots, spec.takerFeePpm);
      leftLots -= takenLots;
      ticks = buys ? book.levelAbove(ticks) : book.levelBelow(ticks);
    }
  }
  if (leftLots > 0 && order.mayRest) addCost(cost, market, buys, limitTicks, leftLots, spec.makerFeePpm);
  return cost;
}

function addCost(
  cost: Cost,
  { spec, markTicks }: MarketState,
  buys: boolean,
  priceTicks: PriceTicks,
  lots: SizeLots,
  feePpm: number,
): void {
  const worseTicks = buys ? priceTicks - markTicks : markTicks - priceTicks;
  if (worseTicks > 0) cost.lossAtoms += notionalAtoms(spec, worseTicks, lots);
  cost.feesAtoms += mulDivCeil(notionalAtoms(spec, priceTicks, lots), feePpm, PPM);
  cost.lots += lots;
}

/** Lots of others at one price, hidden ones too, but no more than asked for. */
function takeableLots(
  account: AccountState,
  { book, resting }: MarketState,
  ticks: PriceTicks,
  lots: SizeLots,
): SizeLots {
  let taken = 0;
  for (let slot = book.headAt(ticks); slot !== 0 && taken < lots; slot = book.nextInQueue(slot)) {
    const maker = resting[slot]!;
    if (maker.holding.account !== account) taken += Math.min(maker.remainingLots, lots - taken);
  }
  return taken;
}

/** Whether every position with all orders on top of it, both sides, could pass the bound. Far above it nothing may be computed. */
function exceedsNotional(account: AccountState, orderAtoms: QuoteAtoms): boolean {
  return (
    notionalAtMost(account) + orderAtoms > ACCOUNT_NOTIONAL_ATOMS_MAX &&
    largestNotionalAtoms(account) + orderAtoms > ACCOUNT_NOTIONAL_ATOMS_MAX
  );
}

/** Not below `largestNotionalAtoms`, from sums alone. */
function notionalAtMost(account: AccountState): number {
  let atoms = 0;
  for (const { market, sizeLots, restingBuyLots, restingSellLots } of account.holdings) {
    const { markTicks, spec } = market;
    const positionTickLots = Math.abs(sizeLots) * markTicks;
    atoms += (positionTickLots + (restingBuyLots + restingSellLots) * spec.maxPriceTicks) * spec.atomsPerTickLot;
  }
  return atoms;
}

/** Positions at mark, orders at the higher of their price and mark. Above the bound the sum may be inexact. */
function largestNotionalAtoms(account: AccountState): number {
  let atoms = 0;
  for (const { market, sizeLots, resting } of account.holdings) {
    let tickLots = Math.abs(sizeLots) * market.markTicks;
    for (const { reduceOnly, remainingLots, priceTicks } of resting) {
      if (!reduceOnly) tickLots += remainingLots * Math.max(priceTicks, market.markTicks);
    }
    atoms += tickLots * market.spec.atomsPerTickLot;
  }
  return atoms;
}
