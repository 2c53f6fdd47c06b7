import {
  type AccountId,
  type MarketId,
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  type OrderType,
  type PriceTicks,
  REJECT_CODES,
  type RejectCode,
  type SelfTradePrevention,
  type Side,
  type SizeLots,
  type TimeInForce,
  type Trigger,
} from '@keel/types';
import { isOutsideBand } from './checkFit.ts';
import { fillableLots } from './fillableLots.ts';
import {
  accountOf,
  crosses,
  findProtection,
  type Model,
  type ModelMarket,
  type ModelOrder,
  marketOf,
  openInterestLots,
  ordersOfAccount,
  otherSide,
  positionOf,
  reducibleLots,
  restingOrders,
} from './model.ts';
import { ceilDiv, floorDiv, orderIsCovered } from './money.ts';

/** What wants to work or wait: a new order, a fired or amended one, a slice. */
export interface Candidate {
  readonly accountId: AccountId;
  readonly marketId: MarketId;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  readonly reduceOnly: boolean;
  readonly trigger: Trigger | undefined;
  readonly selfTrade: SelfTradePrevention;
  /** It will wait for its trigger, or trade in slices, rather than work at once. */
  readonly waits: boolean;
  /** It would be one more of the account's open orders. */
  readonly countsAsOpen: boolean;
}

export interface DefiniteTerms {
  readonly timeInForce: TimeInForce;
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
}

export type Checked = { readonly code: RejectCode } | { readonly terms: DefiniteTerms };

/**
 * Everything that depends on the moment, first fault first; `without` is an order that counts as gone, `comesAfter` the
 * number of orders that are taken on with it and before it.
 */
export function checkNow(
  model: Model,
  candidate: Candidate,
  without: ModelOrder | undefined,
  comesAfter: 0 | 1 = 0,
): Checked {
  const { accountId, marketId, side, reduceOnly, waits } = candidate;
  const market = marketOf(model, marketId);
  const account = accountOf(model, accountId);
  const terms = definiteTerms(model, candidate, without);
  const sameSide = ordersOfAccount(model, accountId).filter(
    (o) => o !== without && o.state === 'resting' && o.marketId === marketId && o.side === side,
  );
  const reducible = reducibleLots(model, accountId, marketId, side);
  const sameSideLots = sameSide.reduce((lots, order) => lots + order.remainingLots, 0);
  const reducing = reduceOnly || sameSideLots + terms.sizeLots <= reducible;

  if (market.status === 'halted') return refused('MARKET_HALTED');
  if (market.status === 'cancelOnly') return refused('MARKET_CANCEL_ONLY');
  if (market.status === 'postOnly' && !isPostOnly(candidate)) return refused('MARKET_POST_ONLY');
  if (market.markTicks === 0) return refused('MARKET_PRICE_UNAVAILABLE');
  if (!waits && !reducing && !pricesAreFresh(model, accountId, market)) return refused('MARKET_PRICE_UNAVAILABLE');
  if (account.inLiquidation) return refused('ACCOUNT_IN_LIQUIDATION');
  if (!reduceOnly && findProtection(model, accountId, marketId)?.frozen) {
    return refused('MARKET_MAKER_PROTECTION_ACTIVE');
  }
  const bandTicks = waits ? fixedTrigger(candidate.trigger) : market.markTicks;
  if (candidate.priceTicks > 0 && bandTicks > 0 && isOutsideBand(market.spec, bandTicks, candidate.priceTicks)) {
    return refused('PRICE_OUTSIDE_BAND');
  }
  if (waits && alreadyMet(market, candidate)) return refused('TRIGGER_ALREADY_MET');
  if (candidate.countsAsOpen) {
    const open = ordersOfAccount(model, accountId).filter((order) => order !== without);
    if (open.length + comesAfter >= OPEN_ORDERS_PER_ACCOUNT_MAX) return refused('TOO_MANY_OPEN_ORDERS');
  }
  if (waits) return { terms };

  if (reduceOnly && reducible === 0) return refused('REDUCE_ONLY_WOULD_INCREASE');
  const immediate = terms.timeInForce === 'ioc' || terms.timeInForce === 'fok';
  if (!reduceOnly) {
    const held = positionOf(model, accountId, marketId).sizeLots * (side === 'buy' ? 1 : -1);
    const adding = sameSide.reduce((lots, order) => lots + (order.reduceOnly ? 0 : order.remainingLots), 0);
    // An opposite position gives an order that may rest no room: it may be gone before the order fills.
    const worst = immediate ? Math.max(held + terms.sizeLots, 0) : Math.max(held, 0) + terms.sizeLots;
    if (adding + worst > market.spec.maxPositionLots) return refused('POSITION_LIMIT_EXCEEDED');
  }
  const opening = Math.max(0, terms.sizeLots - reducible);
  if (opening > 0 && openInterestLots(model, marketId) + opening > market.spec.maxOpenInterestLots) {
    return refused('OPEN_INTEREST_LIMIT_EXCEEDED');
  }
  if (isPostOnly(candidate) && wouldCross(model, marketId, side, terms.priceTicks, market, without)) {
    return refused('POST_ONLY_WOULD_CROSS');
  }
  if (terms.timeInForce === 'fok' && fillableLots(model, candidate, terms, without) < terms.sizeLots) {
    return refused('FILL_OR_KILL_UNFILLABLE');
  }
  const working = { side, limitTicks: terms.priceTicks, sizeLots: terms.sizeLots, mayRest: !immediate };
  if (!reducing && !orderIsCovered(model, accountId, marketId, working, without)) return refused('INSUFFICIENT_MARGIN');
  return { terms };
}

/** Limit of a market order, cut size of a reduce-only one, slid price; of a waiting order only its time in force. */
function definiteTerms(model: Model, candidate: Candidate, without: ModelOrder | undefined): DefiniteTerms {
  const { accountId, marketId, side, orderType, reduceOnly, waits } = candidate;
  let { timeInForce, priceTicks, sizeLots } = candidate;
  if (orderType === 'market' && timeInForce !== 'fok') timeInForce = 'ioc';
  if (waits) return { timeInForce, priceTicks, sizeLots };
  const market = marketOf(model, marketId);
  if (priceTicks === 0) priceTicks = slippageLimit(market, side);
  if (reduceOnly) sizeLots = Math.min(sizeLots, reducibleLots(model, accountId, marketId, side));
  if (timeInForce === 'postOnlySlide') {
    const best = bestOpposite(model, marketId, side, without);
    if (best !== undefined && crosses(side, priceTicks, best)) priceTicks = side === 'buy' ? best - 1 : best + 1;
  }
  return { timeInForce, priceTicks, sizeLots };
}

function slippageLimit({ spec, markTicks }: ModelMarket, side: Side): PriceTicks {
  const far = (ppm: number) => BigInt(markTicks) * BigInt(ppm);
  return side === 'buy'
    ? Math.min(spec.maxPriceTicks, Number(floorDiv(far(1_000_000 + spec.marketSlippagePpm), 1_000_000n)))
    : Math.max(1, Number(ceilDiv(far(1_000_000 - spec.marketSlippagePpm), 1_000_000n)));
}

function bestOpposite(model: Model, marketId: MarketId, side: Side, without: ModelOrder | undefined) {
  return restingOrders(model, marketId, otherSide(side)).find((order) => order !== without)?.priceTicks;
}

/** A slid price crosses nothing, but there may be no price left to slide to. */
function wouldCross(
  model: Model,
  marketId: MarketId,
  side: Side,
  priceTicks: PriceTicks,
  { spec }: ModelMarket,
  without: ModelOrder | undefined,
): boolean {
  if (priceTicks < 1 || priceTicks > spec.maxPriceTicks) return true;
  const best = bestOpposite(model, marketId, side, without);
  return best !== undefined && crosses(side, priceTicks, best);
}

function isPostOnly({ timeInForce }: Candidate): boolean {
  return timeInForce === 'postOnly' || timeInForce === 'postOnlySlide';
}

function pricesAreFresh(model: Model, accountId: AccountId, market: ModelMarket): boolean {
  const held = accountOf(model, accountId).positions.filter((position) => position.sizeLots !== 0);
  return [market, ...held.map(({ marketId }) => marketOf(model, marketId))].every((each) => isFresh(model, each));
}

/** Whether a position here counts for more risk. A halt of this market keeps nobody from trading in others. */
function isFresh(model: Model, { indexTicks, indexTimeMs, indexInDoubt, spec }: ModelMarket): boolean {
  return indexTicks > 0 && !indexInDoubt && model.timeMs - indexTimeMs <= spec.indexStaleMs;
}

/** The mark at which the order will fire, where that is known beforehand; 0 = it is not. */
export function fixedTrigger(trigger: Trigger | undefined): PriceTicks | 0 {
  return trigger === undefined || trigger.kind === 'trailingStop' ? 0 : trigger.triggerTicks;
}

function alreadyMet({ markTicks }: ModelMarket, { trigger, side }: Candidate): boolean {
  if (trigger === undefined || trigger.kind === 'trailingStop') return false;
  const firesAbove = (trigger.kind === 'stop') === (side === 'buy');
  return firesAbove ? markTicks >= trigger.triggerTicks : markTicks <= trigger.triggerTicks;
}

export function refused(name: keyof typeof REJECT_CODES): { readonly code: RejectCode } {
  return { code: REJECT_CODES[name] };
}
