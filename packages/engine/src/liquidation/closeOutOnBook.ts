import {
  assert,
  type CloseOutPrices,
  liquidationFeeAtoms,
  notionalAtoms,
  type PriceTicks,
  type SizeLots,
  type TimeMs,
  toOrderId,
  zeroQuoteAtoms,
} from '@keel/types';
import { crosses } from '../book/crosses.ts';
import { matchTaker, type Taker } from '../book/matchTaker.ts';
import { solvencyOf } from '../margin/accountFigures.ts';
import type { EngineState, Holding } from '../state.ts';
import { useBudget } from './budget.ts';
import { certify, keepBefore } from './certify.ts';
import { closeOutPosition } from './closeOutTerms.ts';
import { payFee, payFromInsurance } from './payFromInsurance.ts';
import type { Round } from './round.ts';

/** A close-out on its way to the book. */
export interface CloseOutOrder {
  readonly holding: Holding;
  readonly lots: SizeLots;
  readonly limitTicks: PriceTicks;
  readonly prices: CloseOutPrices | undefined;
  /** 0, 0 = not out of an auction. */
  readonly auctionId: number;
  readonly elapsedMs: TimeMs;
}

/**
 * Sends one close-out order to the book and returns how much of it traded. What a fill brings above the zero price pays
 * the liquidation fee; what it lacks the insurance fund pays, and the limit of a bankrupt's order asks for no more than the fund has.
 * An order that the book does not take at all leaves no trace.
 */
export function closeOutOnBook(state: EngineState, round: Pick<Round, 'events'>, order: CloseOutOrder): SizeLots {
  const { holding, lots, limitTicks, auctionId } = order;
  const { events } = round;
  const { account, market } = holding;
  const side = holding.sizeLots > 0 ? 'sell' : 'buy';
  if (lots === 0 || !crosses(market.book, side, limitTicks)) return 0;
  const before = keepBefore(holding);
  const solvency = solvencyOf(account);
  // The fills below change the holding; the zero price is that of the position as it was.
  const position = closeOutPosition(holding, solvency);
  const taker = work(state, holding, { side, lots, limitTicks, liquidation: true }, events);
  const filledLots = lots - taker.remainingLots;
  if (filledLots === 0) return 0;

  const quoteAtoms = taker.cashAtoms;
  const zeroAtoms = zeroQuoteAtoms(position, filledLots);
  const feeAtoms = liquidationFeeAtoms(market.spec.liquidationFeePpm, quoteAtoms, zeroAtoms);
  const insuranceAtoms = Math.max(0, zeroAtoms - quoteAtoms);
  payFee(state, holding, feeAtoms);
  useBudget(state, market, notionalAtoms(market.spec, position.markTicks, filledLots));
  const stage = auctionId === 0 ? 'book' : 'auction';
  events.push({
    kind: 'positionCloseOut',
    liquidationId: account.liquidationId,
    stage,
    auctionId,
    accountId: account.accountId,
    marketId: market.spec.marketId,
    side,
    sizeLots: lots,
    filledLots,
    quoteAtoms,
    limitTicks,
    markTicks: market.markTicks,
    equityAtoms: solvency.equityAtoms,
    maintenanceMarginAtoms: solvency.maintenanceAtoms,
    feeAtoms,
    counterpartyId: 0,
    counterpartyPnlAtoms: 0,
  });
  if (insuranceAtoms > 0) payFromInsurance(state, holding, insuranceAtoms, events);
  const { prices, elapsedMs } = order;
  certify(
    state,
    holding,
    before,
    {
      stage,
      auctionId,
      elapsedMs,
      side,
      sizeLots: lots,
      filledLots,
      quoteAtoms,
      feeAtoms,
      insuranceAtoms,
      limitTicks,
      prices,
      zeroQuoteAtoms: zeroAtoms,
      counterpartyId: 0,
      rank: undefined,
    },
    events,
  );
  return filledLots;
}

/** An order that was never accepted, worked against the book as ioc. It takes an order id only when it trades. */
export function work(
  state: EngineState,
  holding: Holding,
  terms: Pick<Taker, 'side' | 'limitTicks' | 'liquidation'> & { readonly lots: SizeLots },
  events: Round['events'],
): Taker {
  // Orders that its fills bring to life take the ids after it.
  state.nextOrderId += 1;
  const taker: Taker = {
    orderId: toOrderId(state.nextOrderId - 1),
    order: undefined,
    holding,
    side: terms.side,
    limitTicks: terms.limitTicks,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    liquidation: terms.liquidation,
    remainingLots: terms.lots,
    cashAtoms: 0,
    decrementedLots: 0,
    endedBy: undefined,
  };
  matchTaker(state, taker, events);
  if (taker.remainingLots === terms.lots) {
    assert(state.nextOrderId === taker.orderId + 1, 'an order came to life without a fill');
    state.nextOrderId -= 1;
  }
  return taker;
}
