import { divCeil, divFloor, mulDivFloor, PPM, type Side } from '@keel/types';
import { lotsWorth, type MarketView } from '../marketView.ts';

export interface Quote {
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
}

export interface LadderSettings {
  /** Distance of each level from the centre; rising. */
  readonly offsetsPpm: readonly number[];
  /** Worth of each level, same length. */
  readonly notionalsAtoms: readonly number[];
  /** Position worth at which only the side that reduces it is quoted. */
  readonly inventoryAtomsMax: number;
  /** How far the centre is moved against a position of that worth. */
  readonly skewPpmMax: number;
}

/**
 * The middle of a maker's quotes: the index, moved down while it is long and up while it is short, so that what it holds
 * is more likely to be taken off it. `inventoryLots` is signed.
 */
export function centreTicks(market: MarketView, inventoryLots: number, settings: LadderSettings): number {
  const inventoryAtoms = inventoryLots * market.indexTicks * market.atomsPerTickLot;
  const fullness = Math.max(-1, Math.min(1, inventoryAtoms / settings.inventoryAtomsMax));
  const shiftPpm = Math.round(-fullness * settings.skewPpmMax);
  return market.indexTicks + mulDivFloor(market.indexTicks, shiftPpm, PPM);
}

/** Bids rounded down and asks up, so never nearer to the centre than asked; levels too small for the market are left out. */
export function quoteLadder(
  market: MarketView,
  centre: number,
  inventoryLots: number,
  settings: LadderSettings,
): Quote[] {
  const inventoryAtoms = inventoryLots * centre * market.atomsPerTickLot;
  const quotes: Quote[] = [];
  settings.offsetsPpm.forEach((offsetPpm, level) => {
    const bid = divFloor(centre * (PPM - offsetPpm), PPM);
    const ask = divCeil(centre * (PPM + offsetPpm), PPM);
    const worthAtoms = settings.notionalsAtoms[level] ?? 0;
    if (inventoryAtoms < settings.inventoryAtomsMax) add(quotes, market, 'buy', bid, worthAtoms);
    if (inventoryAtoms > -settings.inventoryAtomsMax) add(quotes, market, 'sell', ask, worthAtoms);
  });
  return quotes;
}

function add(quotes: Quote[], market: MarketView, side: Side, priceTicks: number, worthAtoms: number): void {
  if (priceTicks <= 0) return;
  const sizeLots = lotsWorth(market, worthAtoms, priceTicks);
  const notionalAtoms = sizeLots * priceTicks * market.atomsPerTickLot;
  if (sizeLots > 0 && notionalAtoms >= market.minNotionalAtoms) quotes.push({ side, priceTicks, sizeLots });
}
