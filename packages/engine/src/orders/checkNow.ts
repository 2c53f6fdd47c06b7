import {
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  type OrderRequest,
  type PriceTicks,
  REJECT_CODES,
  type RejectCode,
  type TimeInForce,
} from '@keel/types';
import { bestOppositeWithout, meets } from '../book/crosses.ts';
import { fillableLots } from '../book/fillableLots.ts';
import { findHolding } from '../holdings.ts';
import { exceedsConcentration, exceedsOpenInterest, exceedsPositionLimit, reducesOnly } from '../margin/openSize.ts';
import { spareAtomsAfter } from '../margin/spareAtomsAfter.ts';
import { isOutsideBand } from '../prices/isOutsideBand.ts';
import { accountPermits, marketPermits } from '../prices/permissions.ts';
import { isFrozen } from '../protection/countMakerFill.ts';
import type { AccountState, EngineState, Holding, MarketState } from '../state.ts';
import { watchLasts } from '../warning/watchOrders.ts';
import { type OrderTerms, tradesAtOnce } from './definiteTerms.ts';
import type { OrderRecord } from './orderRecord.ts';

/**
 * Faults of an order against the account, the book and the prices of this moment, in the order of REJECT_CODES.
 * `instead` is an open order of the account that goes when this one comes, and counts no more. `places`: how many more
 * open orders the account will have with this one; 0 = it is open already, 2 = another one comes with it.
 */
export function checkNow(
  state: EngineState,
  account: AccountState,
  market: MarketState,
  request: OrderRequest,
  terms: OrderTerms,
  instead: OrderRecord | undefined,
  places: 0 | 1 | 2 = 1,
): RejectCode | undefined {
  if (isOfAnother(account, market)) return REJECT_CODES.MARKET_NOT_OF_SUBACCOUNT;
  const waits = request.trigger !== undefined;
  const closed = checkStatus(market, request.timeInForce);
  if (closed !== undefined) return closed;
  const holding = findHolding(account, market);
  const reduces = request.reduceOnly || reducesOnly(holding, terms.side, terms.sizeLots, instead);
  const needsFresh = !waits && !reduces;
  const priced = market.markTicks > 0 && (!needsFresh || mayAddRisk(state, account, market));
  if (!priced) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (account.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  if (!request.reduceOnly && isFrozen(account, market)) return REJECT_CODES.MARKET_MAKER_PROTECTION_ACTIVE;
  if (isFarOff(market, request)) return REJECT_CODES.PRICE_OUTSIDE_BAND;
  if (waits && isAlreadyMet(market, request)) return REJECT_CODES.TRIGGER_ALREADY_MET;
  // Attached orders come to life without being asked, so there must be room before the order trades.
  const mayStay = waits || terms.mayRest || request.attached !== undefined;
  if (mayStay && isFull(account, instead, places)) return REJECT_CODES.TOO_MANY_OPEN_ORDERS;
  return waits ? undefined : checkTrade(state, account, market, request, terms, reduces, instead);
}

/** Whether the prices of the market, and of all that the account has, are good enough for it to take more. */
export function mayAddRisk(state: EngineState, account: AccountState, market: MarketState): boolean {
  return marketPermits(state, market, 'addRisk') && accountPermits(state, account, 'addRisk');
}

/** Whether the account is isolated, and in another market. */
export function isOfAnother({ isolatedIn }: AccountState, market: MarketState): boolean {
  return isolatedIn !== undefined && isolatedIn !== market;
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
  if (!reduces && exceedsConcentration(account, market, terms, instead)) {
    return REJECT_CODES.CONCENTRATION_LIMIT_EXCEEDED;
  }
  if (!tradesAtOnce(terms.timeInForce) && mayNotRest(market, terms, instead)) return REJECT_CODES.POST_ONLY_WOULD_CROSS;
  if (terms.timeInForce === 'fok' && fillableLots(state, account, market, request, terms, instead) < terms.sizeLots) {
    return REJECT_CODES.FILL_OR_KILL_UNFILLABLE;
  }
  if (!reduces) {
    const spareAtoms = spareAtomsAfter(account, market, terms, instead);
    if (spareAtoms < 0) return REJECT_CODES.INSUFFICIENT_MARGIN;
    // What it takes may be what kept the account above initial margin for as long as its markets look out for it.
    if (terms.mayRest && !watchLasts(account, market, terms, spareAtoms)) state.suspects.add(account.accountId);
  } else if (terms.mayRest && costsMargin(market, holding, request, terms)) {
    // Accepted however little there is, at the cost of orders that add risk.
    state.suspects.add(account.accountId);
  }
  return undefined;
}

/**
 * Whether an order that reduces, and rests, may raise initial margin: a reduce-only one beside others on its side, which lead
 * further past zero with it, and one priced worse than mark.
 */
function costsMargin(
  { markTicks }: MarketState,
  holding: Holding | undefined,
  { side, reduceOnly }: OrderRequest,
  { limitTicks }: OrderTerms,
): boolean {
  const buys = side === 'buy';
  if (buys ? limitTicks > markTicks : limitTicks < markTicks) return true;
  const besideLots = buys ? holding?.restingBuyLots : holding?.restingSellLots;
  return reduceOnly && besideLots !== undefined && besideLots > 0;
}

function mayNotRest(
  { book, spec }: MarketState,
  { side, limitTicks }: OrderTerms,
  instead: OrderRecord | undefined,
): boolean {
  if (limitTicks < 1 || limitTicks > spec.maxPriceTicks) return true;
  return meets(side, limitTicks, bestOppositeWithout(book, side, instead));
}

/** Whether a given price lies outside the band around mark, or that of an order that waits around its trigger. */
function isFarOff(market: MarketState, { trigger, priceTicks }: OrderRequest): boolean {
  if (trigger !== undefined) return limitMissesTrigger(market, trigger, priceTicks);
  return isOutsideBand(market.spec, market.markTicks, priceTicks);
}

/**
 * Whether a waiting order, fired just at its trigger, would be refused for its limit. A trailing stop's trigger moves, so
 * nothing can be said of its limit before it fires.
 */
export function limitMissesTrigger(
  { spec }: MarketState,
  trigger: OrderRequest['trigger'],
  limitTicks: PriceTicks,
): boolean {
  if (trigger === undefined || trigger.kind === 'trailingStop') return false;
  return isOutsideBand(spec, trigger.triggerTicks, limitTicks);
}

/** A stop or take-profit whose condition holds already was asked for at the wrong side of mark. */
function isAlreadyMet({ markTicks }: MarketState, { trigger, side }: OrderRequest): boolean {
  if (trigger === undefined || trigger.kind === 'trailingStop') return false;
  const rising = (side === 'buy') === (trigger.kind === 'stop');
  return rising ? markTicks >= trigger.triggerTicks : markTicks <= trigger.triggerTicks;
}

/** Whether the account may not have so many more open orders. With attached ones it may be past the bound already. */
export function isFull(account: AccountState, instead: OrderRecord | undefined, places: 0 | 1 | 2): boolean {
  const staying = account.openOrders - (instead === undefined ? 0 : 1);
  return places > 0 && staying + places > OPEN_ORDERS_PER_ACCOUNT_MAX;
}
