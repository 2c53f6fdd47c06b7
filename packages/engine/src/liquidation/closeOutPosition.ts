import {
  assert,
  type Event,
  maintenanceMarginAtoms,
  mulDivFloor,
  PPM,
  type PriceTicks,
  type QuoteAtoms,
  type SizeLots,
  toOrderId,
} from '@keel/types';
import { matchTaker, type Taker } from '../book/matchTaker.ts';
import { marginPosition, type Solvency } from '../margin/accountFigures.ts';
import { slippageLimitTicks } from '../prices/slippageLimit.ts';
import type { EngineState, Holding } from '../state.ts';
import { quoteLimitTicks, zeroQuoteAtoms } from './zeroQuote.ts';

/**
 * Sends one close-out order to the book and returns how much of it traded. Its limit is the zero price; for a bankrupt
 * account, the zero price moved by what the insurance fund could add, never beyond the slippage cap of a market order:
 * else a friend's bid far from mark could buy the whole fund. What a fill brings above the zero price pays the
 * liquidation fee; what it lacks the fund pays. An order that the book does not take at all leaves no trace.
 */
export function closeOutPosition(
  state: EngineState,
  holding: Holding,
  lots: SizeLots,
  solvency: Solvency,
  events: Event[],
): SizeLots {
  const { account, market } = holding;
  const maintenanceAtoms = maintenanceMarginAtoms(marginPosition(holding));
  const zero = (closed: SizeLots) => zeroQuoteAtoms(before, maintenanceAtoms, solvency, closed);
  // The fills below change the holding; the zero price is that of the position as it was.
  const before: Holding = { ...holding };
  const side = holding.sizeLots > 0 ? 'sell' : 'buy';
  const limitTicks =
    solvency.equityAtoms < 0
      ? bankruptLimitTicks(holding, lots, zero(lots) - state.insuranceFundAtoms)
      : quoteLimitTicks(holding, lots, zero(lots));
  if (limitTicks === undefined) return 0;
  // Orders that its fills bring to life take the ids after it.
  state.nextOrderId += 1;
  const taker: Taker = {
    orderId: toOrderId(state.nextOrderId - 1),
    order: undefined,
    holding,
    side,
    limitTicks,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    liquidation: true,
    remainingLots: lots,
    cashAtoms: 0,
    decrementedLots: 0,
    endedBy: undefined,
  };
  matchTaker(state, taker, events);
  const filledLots = lots - taker.remainingLots;
  if (filledLots === 0) {
    assert(state.nextOrderId === taker.orderId + 1, 'an order came to life without a fill');
    state.nextOrderId -= 1;
    return 0;
  }

  const surplusAtoms = taker.cashAtoms - zero(filledLots);
  const feeAtoms = surplusAtoms > 0 ? Math.min(highestFee(holding, taker.cashAtoms), surplusAtoms) : 0;
  account.collateralAtoms -= feeAtoms;
  state.insuranceFundAtoms += feeAtoms;
  events.push({
    kind: 'positionCloseOut',
    liquidationId: account.liquidationId,
    accountId: account.accountId,
    marketId: market.spec.marketId,
    side,
    sizeLots: lots,
    filledLots,
    quoteAtoms: taker.cashAtoms,
    limitTicks,
    markTicks: market.markTicks,
    equityAtoms: solvency.equityAtoms,
    maintenanceMarginAtoms: solvency.maintenanceAtoms,
    feeAtoms,
  });
  if (surplusAtoms < 0) payFromInsurance(state, holding, -surplusAtoms, events);
  return filledLots;
}

/** Worst price that the fund may pay for: a bankrupt account's zero price lies on the good side of mark. */
function bankruptLimitTicks(holding: Holding, lots: SizeLots, quoteAtoms: QuoteAtoms): PriceTicks | undefined {
  const affordableTicks = quoteLimitTicks(holding, lots, quoteAtoms);
  if (affordableTicks === undefined) return undefined;
  return holding.sizeLots > 0
    ? Math.max(affordableTicks, slippageLimitTicks(holding.market, 'sell'))
    : Math.min(affordableTicks, slippageLimitTicks(holding.market, 'buy'));
}

function highestFee({ market }: Holding, cashAtoms: QuoteAtoms): QuoteAtoms {
  return mulDivFloor(Math.abs(cashAtoms), market.spec.liquidationFeePpm, PPM);
}

function payFromInsurance(state: EngineState, { account }: Holding, amountAtoms: QuoteAtoms, events: Event[]): void {
  assert(amountAtoms <= state.insuranceFundAtoms, `insurance fund lacks ${amountAtoms - state.insuranceFundAtoms}`);
  account.collateralAtoms += amountAtoms;
  state.insuranceFundAtoms -= amountAtoms;
  events.push({
    kind: 'insurancePaid',
    liquidationId: account.liquidationId,
    accountId: account.accountId,
    amountAtoms,
    insuranceFundAtoms: state.insuranceFundAtoms,
  });
}
