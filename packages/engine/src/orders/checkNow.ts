import {
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  type OrderRequest,
  PPM,
  REJECT_CODES,
  type RejectCode,
  type TimeInForce,
} from '@keel/types';
import { bestOppositeWithout, meets } from '../book/crosses.ts';
import { fillableLots } from '../book/fillableLots.ts';
import { exceedsOpenInterest, exceedsPositionLimit, reducesOnly } from '../margin/openSize.ts';
import { orderIsCovered } from '../margin/orderIsCovered.ts';
import { isFresh, positionsAreFresh } from '../prices/isFresh.ts';
import { isFrozen } from '../protection/countMakerFill.ts';
import { type AccountState, type EngineState, findHolding, type MarketState } from '../state.ts';
import { type OrderTerms, tradesAtOnce } from './definiteTerms.ts';
import type { OrderRecord } from './orderRecord.ts';

/**
 * Faults of an order against the account, the book and the prices of this moment, in the order of REJECT_CODES.
 * `instead` is an open order of the account that goes when this one comes, and counts no more. `isOpen`: the order has
 * its place among the account's open ones already.
 */
export function checkNow(
  state: EngineState,
  account: AccountState,
  market: MarketState,
  request: OrderRequest,
  terms: OrderTerms,
  instead: OrderRecord | undefined,
  isOpen = false,
): RejectCode | undefined {
  const waits = request.trigger !== undefined;
  const closed = checkStatus(market, request.timeInForce);
  if (closed !== undefined) return closed;
  const holding = findHolding(account, market);
  const reduces = request.reduceOnly || reducesOnly(holding, terms.side, terms.sizeLots, instead);
  const needsFresh = !waits && !reduces;
  const priced = market.markTicks > 0 && (!needsFresh || (isFresh(state, market) && positionsAreFresh(state, account)));
  if (!priced) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (account.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  if (!request.reduceOnly && isFrozen(account, market)) return REJECT_CODES.MARKET_MAKER_PROTECTION_ACTIVE;
  if (!waits && request.priceTicks > 0 && isOutsideBand(market, request.priceTicks)) {
    return REJECT_CODES.PRICE_OUTSIDE_BAND;
  }
  if (waits && isAlreadyMet(market, request)) return REJECT_CODES.TRIGGER_ALREADY_MET;
  // Attached orders come to life without being asked, so there must be room before the order trades.
  const mayStay = waits || terms.mayRest || request.attached !== undefined;
  if (!isOpen && mayStay && isFull(account, instead)) return REJECT_CODES.TOO_MANY_OPEN_ORDERS;
  return waits ? undefined : checkTrade(state, account, market, request, terms, reduces, instead);
}

/** What the market's status says to an order of this time in force. */
export function checkStatus({ tradingStatus }: MarketState, timeInForce: TimeInForce): RejectCode | undefined {
  if (tradingStatus === 'halted') return REJECT_CODES.MARKET_HALTED;
  if (tradingStatus === 'cancelOnly') return REJECT_CODES.MARKET_CANCEL_ONLY;
  if (tradingStatus === 'postOnly' && tradesAtOnce(timeInForce)) return REJECT_CODES.MARKET_POST_ONLY;
  return undefined;
}

/** Faults that concern what the order would trade or rest. */
function checkTrade(
  state: EngineState,
  account: AccountState,
  market: MarketState,
  request: OrderRequest,
  terms: OrderTerms,
  reduces: boolean,
  instead: OrderRecord | undefined,
): RejectCode | undefined {
  const holding = findHolding(account, market);
  if (request.reduceOnly && terms.sizeLots === 0) return REJECT_CODES.REDUCE_ONLY_WOULD_INCREASE;
  if (!reduces && exceedsPositionLimit(market, holding, terms, instead)) return REJECT_CODES.POSITION_LIMIT_EXCEEDED;
  if (!reduces && exceedsOpenInterest(market, holding, terms)) return REJECT_CODES.OPEN_INTEREST_LIMIT_EXCEEDED;
  if (!tradesAtOnce(terms.timeInForce) && mayNotRest(market, terms, instead)) return REJECT_CODES.POST_ONLY_WOULD_CROSS;
  if (terms.timeInForce === 'fok' && fillableLots(state, account, market, request, terms, instead) < terms.sizeLots) {
    return REJECT_CODES.FILL_OR_KILL_UNFILLABLE;
  }
  if (!reduces && !orderIsCovered(account, market, terms, instead)) return REJECT_CODES.INSUFFICIENT_MARGIN;
  return undefined;
}

function mayNotRest(
  { book, spec }: MarketState,
  { side, limitTicks }: OrderTerms,
  instead: OrderRecord | undefined,
): boolean {
  if (limitTicks < 1 || limitTicks > spec.maxPriceTicks) return true;
  return meets(side, limitTicks, bestOppositeWithout(book, side, instead));
}

function isOutsideBand({ spec, markTicks }: MarketState, priceTicks: number): boolean {
  return Math.abs(priceTicks - markTicks) * PPM > markTicks * spec.priceBandPpm;
}

/** A stop or take-profit whose condition holds already was asked for at the wrong side of mark. */
function isAlreadyMet({ markTicks }: MarketState, { trigger, side }: OrderRequest): boolean {
  if (trigger === undefined || trigger.kind === 'trailingStop') return false;
  const rising = (side === 'buy') === (trigger.kind === 'stop');
  return rising ? markTicks >= trigger.triggerTicks : markTicks <= trigger.triggerTicks;
}

/** Whether the account has as many open orders as it may. */
export function isFull(account: AccountState, instead: OrderRecord | undefined): boolean {
  return account.openOrders - (instead === undefined ? 0 : 1) >= OPEN_ORDERS_PER_ACCOUNT_MAX;
}
