import { divCeilBig, divFloorBig, notionalAtoms, type PriceTicks, type QuoteAtoms, type SizeLots } from '@keel/types';
import type { Solvency } from '../margin/accountFigures.ts';
import type { Holding } from '../state.ts';

/**
 * Quote atoms the account must receive (+) or may pay (-) for closing `lots` of a position so that its ratio of equity
 * to maintenance stays what it is: value at mark - EQ * (MM of these lots) / MMR. Closing everything at it leaves
 * exactly nothing, so for a whole account it is the bankruptcy price. Rounded towards +infinity.
 */
export function zeroQuoteAtoms(
  holding: Holding,
  positionMaintenanceAtoms: QuoteAtoms,
  solvency: Solvency,
  lots: SizeLots,
): QuoteAtoms {
  const { market, sizeLots } = holding;
  const closedLots = sizeLots > 0 ? lots : -lots;
  const value = notionalAtoms(market.spec, market.markTicks, closedLots);
  const share = BigInt(solvency.equityAtoms) * BigInt(positionMaintenanceAtoms) * BigInt(lots);
  const whole = BigInt(solvency.maintenanceAtoms) * BigInt(Math.abs(sizeLots));
  return value - Number(divFloorBig(share, whole));
}

/**
 * Worst whole tick in [1, max] at which closing `lots` still brings `quoteAtoms` (signed as in `zeroQuoteAtoms`).
 * Undefined when no price does: a short that must bring money, a long that must bring more than the highest price.
 */
export function quoteLimitTicks(holding: Holding, lots: SizeLots, quoteAtoms: QuoteAtoms): PriceTicks | undefined {
  const { spec } = holding.market;
  const perTick = BigInt(lots) * BigInt(spec.atomsPerTickLot);
  const highestTicks = BigInt(spec.maxPriceTicks);
  if (holding.sizeLots > 0) {
    // Receives at least: rounded up.
    const ticks = divCeilBig(BigInt(quoteAtoms), perTick);
    return ticks > highestTicks ? undefined : Number(ticks < 1n ? 1n : ticks);
  }
  // Pays at most: rounded down.
  const ticks = divFloorBig(-BigInt(quoteAtoms), perTick);
  return ticks < 1n ? undefined : Number(ticks > highestTicks ? highestTicks : ticks);
}
