import type { Market } from '@keel/client';
import { assert, divFloor, parseDecimal, QUOTE_DECIMALS } from '@keel/types';

/** A market in units, as a bot reckons with it. */
export interface MarketView {
  readonly symbol: string;
  /** Makers and takers place orders in an open market only. */
  readonly tradingStatus: Market['tradingStatus'];
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  /** Quote atoms of one tick times one lot. */
  readonly atomsPerTickLot: number;
  /** 0 before the first index price. */
  readonly indexTicks: number;
  readonly markTicks: number;
  readonly minNotionalAtoms: number;
  readonly maxLeverage: number;
}

export function marketView(market: Market): MarketView {
  const priceDecimals = decimalsOf(market.tickSize);
  const sizeDecimals = decimalsOf(market.lotSize);
  return {
    symbol: market.symbol,
    tradingStatus: market.tradingStatus,
    priceDecimals,
    sizeDecimals,
    atomsPerTickLot: 10 ** (QUOTE_DECIMALS - priceDecimals - sizeDecimals),
    indexTicks: market.index === null ? 0 : unitsOf(market.index, priceDecimals),
    markTicks: market.mark === null ? 0 : unitsOf(market.mark, priceDecimals),
    minNotionalAtoms: unitsOf(market.minNotional, QUOTE_DECIMALS),
    maxLeverage: Number(market.maxLeverage),
  };
}

/** Lots worth `notionalAtoms` at `ticks`, rounded down. */
export function lotsWorth(market: MarketView, notionalAtoms: number, ticks: number): number {
  return divFloor(Math.max(0, Math.floor(notionalAtoms)), ticks * market.atomsPerTickLot);
}

/** A decimal text of the gateway, signed, in 10^-decimals. One that does not fit is a fault of the exchange. */
export function unitsOf(text: string, decimals: number): number {
  const negative = text.startsWith('-');
  const units = parseDecimal(negative ? text.slice(1) : text, decimals);
  assert(typeof units === 'number', `the gateway sent ${text} where ${decimals} decimals fit: ${units}`);
  return negative ? -units : units;
}

/** Tick and lot sizes are powers of ten: `0.01` has 2 decimals, `1` has 0. */
function decimalsOf(step: string): number {
  return step.split('.')[1]?.length ?? 0;
}
