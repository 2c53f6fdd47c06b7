import type { OrderRequest, PriceTicks, Side, SizeLots, TimeInForce } from '@keel/types';
import { bestOppositeWithout, meets } from '../book/crosses.ts';
import { findHolding } from '../holdings.ts';
import { reducibleLots } from '../margin/openSize.ts';
import { slippageLimitTicks } from '../prices/slippageLimit.ts';
import type { AccountState, MarketState } from '../state.ts';
import type { OrderRecord } from './orderRecord.ts';

/** What will be carried out: the order as asked, with limit, size and time in force made definite. */
export interface OrderTerms {
  readonly side: Side;
  readonly timeInForce: TimeInForce;
  readonly limitTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  /** Whether what does not trade at once rests. */
  readonly mayRest: boolean;
}

/** Whether an order of this time in force may trade when it arrives. */
export function tradesAtOnce(timeInForce: TimeInForce): boolean {
  return timeInForce !== 'postOnly' && timeInForce !== 'postOnlySlide';
}

/**
 * A market order is immediate and has a limit; a reduce-only order is no larger than its position; an order that slides
 * has the best price at which it rests, seen as if `instead` were gone. One that waits for a trigger stays as it was asked for until it fires.
 */
export function definiteTerms(
  account: AccountState,
  market: MarketState,
  request: OrderRequest,
  instead: OrderRecord | undefined,
): OrderTerms {
  const { side, orderType, priceTicks, sizeLots } = request;
  const immediate = request.timeInForce === 'ioc' || request.timeInForce === 'fok';
  const timeInForce = orderType === 'market' && !immediate ? 'ioc' : request.timeInForce;
  const mayRest = timeInForce !== 'ioc' && timeInForce !== 'fok';
  if (request.trigger !== undefined) return { side, timeInForce, limitTicks: priceTicks, sizeLots, mayRest };
  const asked = priceTicks || slippageLimitTicks(market, side);
  const limitTicks = timeInForce === 'postOnlySlide' ? slidTicks(market, side, asked, instead) : asked;
  const reducible = request.reduceOnly ? reducibleLots(findHolding(account, market), side) : sizeLots;
  return { side, timeInForce, limitTicks, sizeLots: Math.min(sizeLots, reducible), mayRest };
}

/** One tick short of the best opposite price, when the order would cross it; may lie outside the market's prices. */
function slidTicks(
  { book }: MarketState,
  side: Side,
  limitTicks: PriceTicks,
  instead: OrderRecord | undefined,
): PriceTicks {
  const best = bestOppositeWithout(book, side, instead);
  if (!meets(side, limitTicks, best)) return limitTicks;
  return side === 'buy' ? best - 1 : best + 1;
}
