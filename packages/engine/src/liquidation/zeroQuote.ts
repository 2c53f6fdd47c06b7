import { divFloorBig, notionalAtoms, type PriceTicks, type QuoteAtoms, type SizeLots } from '@keel/types';
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

/** Worst whole tick at which closing `lots` still brings `quoteAtoms` (signed as in `zeroQuoteAtoms`); in [1, max]. */
export function quoteLimitTicks(holding: Holding, lots: SizeLots, quoteAtoms: QuoteAtoms): PriceTicks {
  const { spec } = holding.market;
  const perTick = BigInt(lots) * BigInt(spec.atomsPerTickLot);
  const ticks =
    holding.sizeLots > 0
      ? -divFloorBig(-BigInt(quoteAtoms), perTick) // Receives at least: rounded up.
      : divFloorBig(-BigInt(quoteAtoms), perTick); // Pays at most: rounded down.
  return Number(ticks < 1n ? 1n : ticks > BigInt(spec.maxPriceTicks) ? BigInt(spec.maxPriceTicks) : ticks);
}
