import type { MarketView } from '../marketView.ts';
import { lineFault } from './lineFault.ts';
import type { OrderMessage } from './orderMessage.ts';

/** Prices in the file have this many decimals of a dollar. */
const FILE_PRICE_DECIMALS = 4;

/** A price of the file in the market's ticks; undefined where it lies between two. */
export function ticksOf(market: MarketView, price: number): number | undefined {
  const surplus = FILE_PRICE_DECIMALS - market.priceDecimals;
  if (surplus <= 0) return price * 10 ** -surplus;
  const filePricesPerTick = 10 ** surplus;
  return price % filePricesPerTick === 0 ? price / filePricesPerTick : undefined;
}

/** The tick nearest to a price of the file; at least 1. */
export function nearestTicks(market: MarketView, price: number): number {
  return Math.max(1, Math.round(price * 10 ** (market.priceDecimals - FILE_PRICE_DECIMALS)));
}

/** The index may halve over a recording and one share must still be worth an order. */
const NOTIONAL_RESERVE = 2;

/**
 * Lots per share for a recording that begins at `ticks`: the smallest power of ten for which one share is worth twice the
 * market's smallest order.
 */
export function fewestLots(market: MarketView, ticks: number): number {
  let lots = 1;
  while (lots * ticks * market.atomsPerTickLot < NOTIONAL_RESERVE * market.minNotionalAtoms) lots *= 10;
  return lots;
}

/** Throws a StartupFault for the first order whose price is no price of the market. */
export function assertFitsMarket(messages: readonly OrderMessage[], market: MarketView, file: string): void {
  const stray = messages.find(({ kind, price }) => kind === 'newOrder' && ticksOf(market, price) === undefined);
  if (stray === undefined) return;
  const tick = `a multiple of ${market.symbol}'s tick, ${10 ** -market.priceDecimals} USD`;
  throw lineFault(file, stray.lineNumber, String(stray.price), `a price that is ${tick}`);
}
