import type { Market } from '@keel/client';
import {
  assert,
  mulDivFloor,
  PPM,
  type Ppm,
  type PriceTicks,
  parseDecimal,
  QUOTE_DECIMALS,
  type QuoteAtoms,
} from '@keel/types';
import type { Terms } from './decideAuction.ts';

/** Rates are shown as parts of one. */
const PART_DECIMALS = 6;

/** A market in units, as the bot reckons with it. */
export interface MarketView extends Terms {
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  /** Orders are taken, also ones that rest. */
  readonly isOpen: boolean;
  /** Its price is good enough to take risk on. */
  readonly isFresh: boolean;
}

/** `positionAtomsMax` is the largest position that margin must be reckoned for. */
export function marketView(market: Market, positionAtomsMax: QuoteAtoms): MarketView {
  const priceDecimals = decimalsOf(market.tickSize);
  const sizeDecimals = decimalsOf(market.lotSize);
  const view = {
    symbol: market.symbol,
    priceDecimals,
    sizeDecimals,
    atomsPerTickLot: 10 ** (QUOTE_DECIMALS - priceDecimals - sizeDecimals),
    isOpen: market.tradingStatus === 'open',
    isFresh: market.status === 'open' && market.priceQuality === 'fresh',
    markTicks: ticksOf(market.mark, priceDecimals),
    indexTicks: ticksOf(market.index, priceDecimals),
    takerFeePpm: Math.max(0, unitsOf(market.takerFee, PART_DECIMALS)),
  };
  return { ...view, initialMarginPpm: initialMarginPpm(market, positionAtomsMax) };
}

/** The highest rate that a position up to so large meets, raised as open interest raises it. */
function initialMarginPpm(market: Market, positionAtomsMax: QuoteAtoms): Ppm {
  const reached = market.marginTiers.filter(
    ({ floorNotional }) => unitsOf(floorNotional, QUOTE_DECIMALS) < positionAtomsMax,
  );
  const ratePpm = Math.max(
    ...[market.initialMargin, ...reached.map((tier) => tier.initialMargin)].map((rate) => unitsOf(rate, PART_DECIMALS)),
  );
  const scaling = market.openInterestScaling;
  if (scaling === null || market.mark === null) return ratePpm;
  // An estimate: the exchange reckons it again, exactly, and refuses what is not covered.
  const [openUsdc, lowerUsdc, upperUsdc] = [
    Math.floor(Number(market.openInterest) * Number(market.mark)),
    Math.floor(Number(scaling.lower)),
    Math.floor(Number(scaling.upper)),
  ];
  const above = Math.min(Math.max(openUsdc - lowerUsdc, 0), upperUsdc - lowerUsdc);
  return ratePpm + (above === 0 ? 0 : mulDivFloor(PPM - ratePpm, above, upperUsdc - lowerUsdc));
}

/** Notional at mark, rounded down. */
export function heldAtoms(view: MarketView, lots: number): QuoteAtoms {
  return Math.abs(lots) * view.markTicks * view.atomsPerTickLot;
}

/** A decimal text of the gateway, signed, in 10^-decimals. One that does not fit is a fault of the exchange. */
export function unitsOf(text: string, decimals: number): number {
  const negative = text.startsWith('-');
  const units = parseDecimal(negative ? text.slice(1) : text, decimals);
  assert(typeof units === 'number', `the gateway sent ${text} where ${decimals} decimals fit: ${units}`);
  return negative ? 0 - units : units;
}

/** 0 before the first price. */
function ticksOf(price: string | null, decimals: number): PriceTicks | 0 {
  return price === null ? 0 : unitsOf(price, decimals);
}

/** Tick and lot sizes are powers of ten: `0.01` has 2 decimals, `1` has 0. */
function decimalsOf(step: string): number {
  return step.split('.')[1]?.length ?? 0;
}
