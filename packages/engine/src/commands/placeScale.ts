import {
  BATCH_ITEMS_MAX,
  divFloor,
  type Event,
  mulDivFloor,
  type OrderRequest,
  type PlaceScale,
  PPM,
  REJECT_CODES,
  type RejectCode,
} from '@keel/types';
import { SCALE_SKEW_PPM_MAX } from '../limits.ts';
import { isCount, isPrice } from '../orders/checkFit.ts';
import { placeItem } from '../orders/placeItem.ts';
import { runBatch } from '../orders/runBatch.ts';
import { type EngineState, findMarket } from '../state.ts';
import { authorize } from './authorize.ts';

/** Takes many limit orders from one price to another, evenly spaced; each is accepted or refused by itself. */
export function placeScale(state: EngineState, command: PlaceScale, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  const market = findMarket(state, command.order.marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const { fromTicks, toTicks, order } = command;
  if (!isPrice(market, fromTicks, 1) || !isPrice(market, toTicks, 1)) return REJECT_CODES.PRICE_OUT_OF_RANGE;
  if (!isCount(order.sizeLots, 1, market.spec.maxOrderLots)) return REJECT_CODES.SIZE_OUT_OF_RANGE;
  if (!isScale(command)) return REJECT_CODES.SCHEDULE_INVALID;
  const rungs = rungsOf(command);
  if (rungs.some(({ sizeLots }) => sizeLots === 0)) return REJECT_CODES.SCHEDULE_INVALID;
  return runBatch(rungs, events, (request) => placeItem(state, account, request, events));
}

function isScale({ order, fromTicks, toTicks, orderCount, skewPpm }: PlaceScale): boolean {
  const plain =
    order.orderType === 'limit' &&
    order.priceTicks === 0 &&
    order.clientOrderId === '' &&
    order.displayLots === 0 &&
    order.trigger === undefined &&
    order.attached === undefined;
  return (
    plain && fromTicks !== toTicks && isCount(orderCount, 2, BATCH_ITEMS_MAX) && isCount(skewPpm, 1, SCALE_SKEW_PPM_MAX)
  );
}

/**
 * The orders of a scale. Prices and weights go in equal steps, cut towards the first; each order has its weight's part of
 * the lots, rounded down, and the last one the rest.
 */
function rungsOf({ order, fromTicks, toTicks, orderCount, skewPpm }: PlaceScale): OrderRequest[] {
  const step = (from: number, to: number, place: number) => {
    const distance = divFloor(Math.abs(to - from) * place, orderCount - 1);
    return to > from ? from + distance : from - distance;
  };
  const weights = Array.from({ length: orderCount }, (_, place) => step(PPM, skewPpm, place));
  const allWeights = weights.reduce((sum, weight) => sum + weight, 0);
  let leftLots = order.sizeLots;
  return weights.map((weight, place) => {
    const sizeLots = place === orderCount - 1 ? leftLots : mulDivFloor(order.sizeLots, weight, allWeights);
    leftLots -= sizeLots;
    return { ...order, priceTicks: step(fromTicks, toTicks, place), sizeLots };
  });
}
