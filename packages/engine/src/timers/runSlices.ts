import {
  assert,
  divCeil,
  type Event,
  mulDivCeil,
  mulDivFloor,
  type OrderId,
  type RejectCode,
  type SizeLots,
} from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import { matchTaker, type Taker } from '../book/matchTaker.ts';
import { SLICES_PER_COMMAND, TWAP_CATCH_UP_SLICES } from '../limits.ts';
import { checkNow } from '../orders/checkNow.ts';
import { definiteTerms } from '../orders/definiteTerms.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import { requestOf } from '../orders/requestOf.ts';
import type { EngineState } from '../state.ts';
import { dropFirst, firstId, firstKey } from './idQueue.ts';
import { watchSlice } from './watchSlice.ts';

/** Gives the TWAP orders that have a slice due their turn, by its time and then by id; the rest with the next commands. */
export function runSlices(state: EngineState, events: Event[]): void {
  const { slices, waiting, timeMs } = state;
  for (let turns = 0; turns < SLICES_PER_COMMAND && firstKey(slices) <= timeMs; ) {
    const order = waiting.get(firstId(slices) as OrderId);
    dropFirst(slices);
    if (order === undefined) continue;
    runSlice(state, order, events);
    turns += 1;
  }
}

/**
 * One turn of a TWAP order: all slices whose time has come trade as one ioc market order, which makes up for what
 * earlier ones did not get, but no more than a few slices, or one order's most, at once. Whatever comes of it, the order
 * goes on.
 */
export function runSlice(state: EngineState, order: OrderRecord, events: Event[]): void {
  assert(order.state === 'twap', `order ${order.orderId} has no slices`);
  const due = slicesDue(order, state.timeMs);
  const lots = lotsDue(order, due);
  order.twapSlicesDone = due;
  state.dirty.orders.add(order.orderId);
  if (lots > 0) tradeSlice(state, order, lots, events);
  if (order.remainingLots === 0) closeOrder(state, order, 'filled', events);
  else if (due === order.twapSlices) closeOrder(state, order, 'twapEnded', events);
  else watchSlice(state, order);
}

/** Slices whose time has come: slice k is due at start + floor(duration * (k - 1) / (slices - 1)). */
function slicesDue({ twapStartMs, twapDurationMs, twapSlices }: OrderRecord, timeMs: number): number {
  const due = mulDivCeil(timeMs - twapStartMs + 1, twapSlices - 1, twapDurationMs);
  return Math.min(due, twapSlices);
}

/**
 * What the schedule is ahead of the fills, in whole lots rounded down; the last slice has the remainder. No more than a few
 * slices, and no more than a single order may have: the walk of an order through the book is bounded by that.
 */
function lotsDue({ sizeLots, remainingLots, twapSlices, holding }: OrderRecord, due: number): SizeLots {
  const aheadLots = mulDivFloor(sizeLots, due, twapSlices) - (sizeLots - remainingLots);
  const { maxOrderLots } = holding.market.spec;
  return Math.min(aheadLots, TWAP_CATCH_UP_SLICES * divCeil(sizeLots, twapSlices), maxOrderLots);
}

function tradeSlice(state: EngineState, order: OrderRecord, sizeLots: SizeLots, events: Event[]): void {
  const { orderId, twapSlicesDone: slice } = order;
  const leftLots = order.remainingLots;
  const code = matchSlice(state, order, sizeLots, events);
  const filledLots = leftLots - order.remainingLots;
  events.push({ kind: 'twapSlice', orderId, slice, sizeLots, filledLots, code });
}

/** Checks the slice like an order of its own and trades what it can; why matching ended does not matter. */
function matchSlice(state: EngineState, order: OrderRecord, sizeLots: SizeLots, events: Event[]): RejectCode | 0 {
  const { holding, side } = order;
  const { account, market } = holding;
  const request = requestOf(order, order.priceTicks, sizeLots);
  const terms = definiteTerms(account, market, request, undefined);
  const code = checkNow(state, account, market, request, terms, undefined, 0);
  if (code !== undefined) return code;
  const taker: Taker = {
    orderId: order.orderId,
    order,
    holding,
    side,
    limitTicks: terms.limitTicks,
    selfTrade: order.selfTrade,
    selfTradeScope: order.selfTradeScope,
    liquidation: false,
    remainingLots: terms.sizeLots,
    cashAtoms: 0,
    decrementedLots: 0,
    endedBy: undefined,
  };
  matchTaker(state, taker, events);
  return 0;
}
