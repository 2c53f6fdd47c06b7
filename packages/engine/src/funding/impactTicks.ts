import { divCeil, divFloor, notionalAtoms, type PriceTicks } from '@keel/types';
import type { BookSide } from '../book/orderBook.ts';
import type { MarketState } from '../state.ts';

/**
 * Average price in ticks of trading the impact notional against one side of the book, rounded away from a premium
 * (down for bids, up for asks). Undefined when the side is too thin. The last level counts with the whole lots that
 * complete the notional.
 */
export function impactTicks({ spec }: MarketState, side: BookSide): PriceTicks | undefined {
  let missingAtoms = spec.impactNotionalAtoms;
  let lots = 0;
  let tickLots = 0;
  for (let i = side.levels.length - 1; i >= 0 && missingAtoms > 0; i -= 1) {
    const { priceTicks, totalLots } = side.levels[i]!;
    const neededLots = divCeil(missingAtoms, notionalAtoms(spec, priceTicks, 1));
    const takenLots = Math.min(totalLots, neededLots);
    missingAtoms -= notionalAtoms(spec, priceTicks, takenLots);
    lots += takenLots;
    tickLots += priceTicks * takenLots;
  }
  if (missingAtoms > 0) return undefined;
  return side.side === 'buy' ? divFloor(tickLots, lots) : divCeil(tickLots, lots);
}
