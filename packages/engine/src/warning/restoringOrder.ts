import {
  divCeilBig,
  type MarketId,
  marginalMaintenancePpm,
  mulDivCeil,
  notionalAtoms,
  PPM,
  type Side,
  type SizeLots,
} from '@keel/types';
import { maintenanceIn, type Solvency } from '../margin/accountFigures.ts';
import type { AccountState, Holding } from '../state.ts';

/** What a margin call suggests; market 0 when no order of one market alone would do. */
export interface RestoringOrder {
  readonly marketId: MarketId | 0;
  readonly side: Side;
  readonly sizeLots: SizeLots;
}

const NO_ORDER: RestoringOrder = { marketId: 0, side: 'buy', sizeLots: 0 };

/**
 * The smallest order, in the market that needs the most maintenance, that brings MMR below 70 % of EQ when it trades at
 * mark and pays the taker fee. None is asked for when `solvency` is undefined.
 */
export function restoringOrder(account: AccountState, solvency: Solvency | undefined): RestoringOrder {
  const holding = solvency === undefined ? undefined : largestHolding(account);
  if (solvency === undefined || holding === undefined) return NO_ORDER;
  const sizeLots = restoringLots(holding, solvency);
  if (sizeLots === undefined) return NO_ORDER;
  return { marketId: holding.market.spec.marketId, side: holding.sizeLots > 0 ? 'sell' : 'buy', sizeLots };
}

/** The position that needs the most maintenance; ties by market. */
function largestHolding({ holdings }: AccountState): Holding | undefined {
  let largest: Holding | undefined;
  let largestAtoms = 0;
  for (const holding of holdings) {
    const atoms = maintenanceIn(holding.market, holding.sizeLots);
    if (atoms <= largestAtoms) continue;
    largest = holding;
    largestAtoms = atoms;
  }
  return largest;
}

/**
 * q = ceil((10 * MMR - 7 * EQ) / (p * (10 * m - 7 * f))), as a close-out's size with a buffer of 3/7 and no slippage. When
 * the position leaves its tier on the way, the lots after that free less, and the rest is asked for again at the lower
 * rate: never too many, because each rate is at least those that follow. Undefined when the whole position does not do.
 */
function restoringLots(holding: Holding, solvency: Solvency): SizeLots | undefined {
  const { market } = holding;
  const { spec, markTicks } = market;
  const wholeLots = Math.abs(holding.sizeLots);
  const perLotAtoms = BigInt(notionalAtoms(spec, markTicks, 1));
  let lots = 0;
  for (;;) {
    const missing = missingAfter(holding, solvency, lots);
    if (missing < 0n) return lots > 1 && missingAfter(holding, solvency, lots - 1) < 0n ? lots - 1 : lots;
    if (lots === wholeLots) return undefined;
    const ppm = marginalMaintenancePpm(spec, notionalAtoms(spec, markTicks, wholeLots - lots));
    const freedPerLot = perLotAtoms * BigInt(10 * ppm - 7 * spec.takerFeePpm);
    if (freedPerLot <= 0n) return undefined;
    const more = divCeilBig((missing + 1n) * BigInt(PPM), freedPerLot);
    lots = more >= BigInt(wholeLots - lots) ? wholeLots : lots + Number(more);
  }
}

/** 10 * MMR - 7 * EQ after so many lots were closed at mark: below 0 when the account is restored. */
function missingAfter({ market, sizeLots }: Holding, solvency: Solvency, lots: SizeLots): bigint {
  const { spec, markTicks } = market;
  const feeAtoms = mulDivCeil(notionalAtoms(spec, markTicks, lots), spec.takerFeePpm, PPM);
  const leftLots = Math.abs(sizeLots) - lots;
  const maintenanceAtoms =
    solvency.maintenanceAtoms - maintenanceIn(market, sizeLots) + maintenanceIn(market, leftLots);
  return 10n * BigInt(maintenanceAtoms) - 7n * BigInt(solvency.equityAtoms - feeAtoms);
}
