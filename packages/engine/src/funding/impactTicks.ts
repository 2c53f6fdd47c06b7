import { divCeil, divFloor, notionalAtoms, type PriceTicks, type Side } from '@keel/types';
import type { MarketState } from '../state.ts';

/**
 * Average price in ticks of trading the impact notional against one side of the book, rounded away from a premium
 * (down for bids, up for asks). Undefined when the side is too thin. The last level counts with the whole lots that
 * complete the notional.
 */
export function impactTicks({ spec, book }: MarketState, side: Side): PriceTicks | undefined {
  const bids = side === 'buy';
  let missingAtoms = spec.impactNotionalAtoms;
  let lots = 0;
  let tickLots = 0;
  let ticks = bids ? book.bestBid : book.bestAsk;
  while (ticks !== 0 && missingAtoms > 0) {
    const neededLots = divCeil(missingAtoms, notionalAtoms(spec, ticks, 1));
    const takenLots = Math.min(book.lotsAt(ticks), neededLots);
    missingAtoms -= notionalAtoms(spec, ticks, takenLots);
    lots += takenLots;
    tickLots += ticks * takenLots;
    ticks = bids ? book.levelBelow(ticks) : book.levelAbove(ticks);
  }
  if (missingAtoms > 0) return undefined;
  return bids ? divFloor(tickLots, lots) : divCeil(tickLots, lots);
}
