import {
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  notionalAtoms,
  type OrderRequest,
  type PriceTicks,
  REJECT_CODES,
  type RejectCode,
  type SizeLots,
} from '@keel/types';
import { isPlainText } from '../isPlainText.ts';
import { ICEBERG_PARTS_MAX } from '../limits.ts';
import { isOutsideBand } from '../prices/isOutsideBand.ts';
import type { EngineState, MarketState } from '../state.ts';

/** Faults of an order against its market as it is listed, in the order of REJECT_CODES. */
export function checkFit(state: EngineState, market: MarketState, request: OrderRequest): RejectCode | undefined {
  const { spec } = market;
  const { priceTicks, sizeLots, clientOrderId, expiresAtMs } = request;
  if (contradictsItself(request)) return REJECT_CODES.ORDER_FLAGS_CONFLICT;
  if (!isPrice(market, priceTicks, request.orderType === 'market' ? 0 : 1)) return REJECT_CODES.PRICE_OUT_OF_RANGE;
  if (!isCount(sizeLots, 1, spec.maxOrderLots)) return REJECT_CODES.SIZE_OUT_OF_RANGE;
  if (!request.reduceOnly && isTooSmall(market, priceTicks, sizeLots)) return REJECT_CODES.NOTIONAL_TOO_SMALL;
  if (!isPlainText(clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX)) return REJECT_CODES.CLIENT_ORDER_ID_INVALID;
  if (!displayFits(market, request)) return REJECT_CODES.DISPLAY_SIZE_INVALID;
  const expires = request.timeInForce === 'gtt';
  if (expires ? !isCount(expiresAtMs, state.timeMs + 1, Number.MAX_SAFE_INTEGER) : expiresAtMs !== 0) {
    return REJECT_CODES.EXPIRY_INVALID;
  }
  if (!triggerFits(market, request)) return REJECT_CODES.TRIGGER_INVALID;
  if (!attachedFit(market, request)) return REJECT_CODES.ATTACHED_ORDER_INVALID;
  return undefined;
}

/** Whether an order of this value is below the market's minimum. Without a mark a market order has no value yet. */
export function isTooSmall({ spec, markTicks }: MarketState, priceTicks: PriceTicks, sizeLots: number): boolean {
  const valueTicks = priceTicks || markTicks;
  return valueTicks > 0 && notionalAtoms(spec, valueTicks, sizeLots) < spec.minOrderNotionalAtoms;
}

export function isCount(value: number, lowest: number, highest: number): boolean {
  return Number.isSafeInteger(value) && value >= lowest && value <= highest;
}

export function isPrice({ spec }: MarketState, ticks: PriceTicks, lowestTicks: 0 | 1): boolean {
  return isCount(ticks, lowestTicks, spec.maxPriceTicks);
}

function contradictsItself(request: OrderRequest): boolean {
  const { orderType, timeInForce, displayLots, attached } = request;
  const isMarket = orderType === 'market';
  const rests = timeInForce === 'gtt' || timeInForce === 'postOnly' || timeInForce === 'postOnlySlide';
  if (isMarket && rests) return true;
  if (displayLots !== 0 && (isMarket || timeInForce === 'ioc' || timeInForce === 'fok')) return true;
  return attached !== undefined && (request.reduceOnly || request.trigger !== undefined);
}

function displayFits(market: MarketState, { displayLots, sizeLots, priceTicks }: OrderRequest): boolean {
  return isCount(displayLots, 0, sizeLots) && !showsTooLittle(market, displayLots, priceTicks, sizeLots);
}

/**
 * Whether an iceberg would come in too many parts, or in parts of less value than an order may have (reduce-only or not).
 * Each part is a fill, so this bounds a taker's walk through `lots`, as the minimum of an order bounds it for others.
 */
export function showsTooLittle(
  market: MarketState,
  displayLots: SizeLots,
  priceTicks: PriceTicks,
  lots: SizeLots,
): boolean {
  if (displayLots === 0) return false;
  return lots > displayLots * ICEBERG_PARTS_MAX || isTooSmall(market, priceTicks, displayLots);
}

function triggerFits(market: MarketState, { trigger }: OrderRequest): boolean {
  if (trigger === undefined) return true;
  const { kind, triggerTicks, trailTicks } = trigger;
  if (kind === 'trailingStop') return triggerTicks === 0 && isPrice(market, trailTicks, 1);
  return trailTicks === 0 && isPrice(market, triggerTicks, 1);
}

/**
 * Take-profit on the gaining side of the order's price (else of mark), stop-loss on the losing one; a limit within the band
 * around its own trigger.
 */
function attachedFit(market: MarketState, { attached, side, priceTicks }: OrderRequest): boolean {
  if (attached === undefined) return true;
  const { takeProfitTicks, takeProfitLimitTicks, stopLossTicks, stopLossLimitTicks } = attached;
  const all = [takeProfitTicks, takeProfitLimitTicks, stopLossTicks, stopLossLimitTicks];
  if (!all.every((ticks) => isPrice(market, ticks, 0))) return false;
  if (takeProfitTicks === 0 && stopLossTicks === 0) return false;
  if ((takeProfitTicks === 0 && takeProfitLimitTicks !== 0) || (stopLossTicks === 0 && stopLossLimitTicks !== 0)) {
    return false;
  }
  if (isOutsideBand(market.spec, takeProfitTicks, takeProfitLimitTicks)) return false;
  if (isOutsideBand(market.spec, stopLossTicks, stopLossLimitTicks)) return false;
  const reference = priceTicks || market.markTicks;
  const gain = side === 'buy' ? takeProfitTicks - reference : reference - takeProfitTicks;
  const loss = side === 'buy' ? reference - stopLossTicks : stopLossTicks - reference;
  return (takeProfitTicks === 0 || gain > 0) && (stopLossTicks === 0 || loss > 0);
}
