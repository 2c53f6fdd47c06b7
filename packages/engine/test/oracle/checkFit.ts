import {
  type AttachedOrders,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type MarketSpec,
  type OrderRequest,
  REJECT_CODES,
  type RejectCode,
  type RejectName,
  type TimeMs,
  type Trigger,
} from '@keel/types';
import type { ModelMarket } from './model.ts';
import { valueAt } from './money.ts';

/** The first reason why the request could never fit its market as it is now; 0 = it fits. */
export function checkFit(market: ModelMarket, request: OrderRequest, timeMs: TimeMs): RejectCode | 0 {
  const { spec, markTicks } = market;
  const { orderType, timeInForce, priceTicks, sizeLots, trigger, attached } = request;
  const faults: readonly (readonly [RejectName, () => boolean])[] = [
    ['ORDER_FLAGS_CONFLICT', () => flagsConflict(request)],
    ['PRICE_OUT_OF_RANGE', () => !isBetween(priceTicks, orderType === 'market' ? 0 : 1, spec.maxPriceTicks)],
    ['SIZE_OUT_OF_RANGE', () => !isBetween(sizeLots, 1, spec.maxOrderLots)],
    ['NOTIONAL_TOO_SMALL', () => !request.reduceOnly && isTooSmall(market, priceTicks, sizeLots)],
    ['CLIENT_ORDER_ID_INVALID', () => !isName(request.clientOrderId)],
    ['DISPLAY_SIZE_INVALID', () => !displayFits(market, request)],
    ['EXPIRY_INVALID', () => (timeInForce === 'gtt' ? !(request.expiresAtMs > timeMs) : request.expiresAtMs !== 0)],
    ['TRIGGER_INVALID', () => trigger !== undefined && !triggerFits(spec, trigger)],
    ['ATTACHED_ORDER_INVALID', () => attached !== undefined && !attachedFits(market, request, attached, markTicks)],
  ];
  const first = faults.find(([, isFault]) => isFault());
  return first === undefined ? 0 : REJECT_CODES[first[0]];
}

function flagsConflict(request: OrderRequest): boolean {
  const { orderType, timeInForce, displayLots, attached, reduceOnly, trigger } = request;
  const immediate = orderType === 'market' || timeInForce === 'ioc' || timeInForce === 'fok';
  const rests = timeInForce === 'gtt' || timeInForce === 'postOnly' || timeInForce === 'postOnlySlide';
  return (
    (orderType === 'market' && rests) ||
    (displayLots > 0 && immediate) ||
    (attached !== undefined && (reduceOnly || trigger !== undefined))
  );
}

/** Its value at its own price, at mark when it names none. */
export function isTooSmall(market: ModelMarket, priceTicks: number, sizeLots: number): boolean {
  const value = valueAt(market, priceTicks === 0 ? market.markTicks : priceTicks, sizeLots);
  return value < BigInt(market.spec.minOrderNotionalAtoms);
}

/** An iceberg shows at least a hundredth of its lots at a time, and at least the value of the smallest order. */
export function hidesTooMuch(market: ModelMarket, displayLots: number, priceTicks: number, sizeLots: number): boolean {
  return displayLots > 0 && (sizeLots > 100 * displayLots || isTooSmall(market, priceTicks, displayLots));
}

export function isName(clientOrderId: string): boolean {
  return clientOrderId.length <= CLIENT_ORDER_ID_CHARACTERS_MAX && /^[ -~]*$/.test(clientOrderId);
}

function displayFits(market: ModelMarket, { displayLots, sizeLots, priceTicks }: OrderRequest): boolean {
  return isBetween(displayLots, 0, sizeLots) && !hidesTooMuch(market, displayLots, priceTicks, sizeLots);
}

function triggerFits({ maxPriceTicks }: MarketSpec, { kind, triggerTicks, trailTicks }: Trigger): boolean {
  return kind === 'trailingStop'
    ? triggerTicks === 0 && isBetween(trailTicks, 1, maxPriceTicks)
    : trailTicks === 0 && isBetween(triggerTicks, 1, maxPriceTicks);
}

/** A profit lies beyond the price the position is opened at, a loss before it. */
function attachedFits(
  { spec }: ModelMarket,
  request: OrderRequest,
  attached: AttachedOrders,
  markTicks: number,
): boolean {
  const { takeProfitTicks, takeProfitLimitTicks, stopLossTicks, stopLossLimitTicks } = attached;
  const figures = [takeProfitTicks, takeProfitLimitTicks, stopLossTicks, stopLossLimitTicks];
  if (figures.some((ticks) => !isBetween(ticks, 0, spec.maxPriceTicks))) return false;
  if (takeProfitTicks === 0 && stopLossTicks === 0) return false;
  if ((takeProfitTicks === 0 && takeProfitLimitTicks > 0) || (stopLossTicks === 0 && stopLossLimitTicks > 0))
    return false;
  const pairs = [
    [takeProfitTicks, takeProfitLimitTicks],
    [stopLossTicks, stopLossLimitTicks],
  ] as const;
  if (pairs.some(([trigger, limit]) => limit > 0 && isOutsideBand(spec, trigger, limit))) return false;
  const reference = request.priceTicks === 0 ? markTicks : request.priceTicks;
  const sign = request.side === 'buy' ? 1 : -1;
  const profits = takeProfitTicks === 0 || (takeProfitTicks - reference) * sign > 0;
  const loses = stopLossTicks === 0 || (reference - stopLossTicks) * sign > 0;
  return profits && loses;
}

/** Whether one price is further from another than the market's part of that other. */
export function isOutsideBand({ priceBandPpm }: MarketSpec, fromTicks: number, priceTicks: number): boolean {
  return BigInt(Math.abs(priceTicks - fromTicks)) * 1_000_000n > BigInt(fromTicks) * BigInt(priceBandPpm);
}

export function isBetween(value: number, lowest: number, highest: number): boolean {
  return Number.isSafeInteger(value) && value >= lowest && value <= highest;
}
