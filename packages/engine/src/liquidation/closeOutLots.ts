import { divCeilBig, type MarketSpec, notionalAtoms, type PriceTicks, type SizeLots } from '@keel/types';
import { CLOSE_OUT_SLIPPAGE_PPM, CLOSE_OUT_WHOLE_BELOW_ATOMS } from '../limits.ts';
import type { Solvency } from '../margin/accountFigures.ts';

/**
 * Lots to close so that the account ends 10 % above maintenance, expected fee and slippage counted:
 *   q = ceil((1.1 * MMR - EQ) / (p * (1.1 * m - f - s))), at most the whole position.
 * A bankrupt account, a small position, and one that costs more to close than it frees (divisor <= 0) close whole.
 */
export function closeOutLots(
  spec: MarketSpec,
  markTicks: PriceTicks,
  wholeLots: SizeLots,
  { equityAtoms, maintenanceAtoms }: Solvency,
): SizeLots {
  if (equityAtoms < 0) return wholeLots;
  if (notionalAtoms(spec, markTicks, wholeLots) < CLOSE_OUT_WHOLE_BELOW_ATOMS) return wholeLots;
  // Both sides times 10, so that 1.1 is a whole number.
  const freedPpm = 11 * spec.maintenanceMarginPpm - 10 * (spec.liquidationFeePpm + CLOSE_OUT_SLIPPAGE_PPM);
  if (freedPpm <= 0) return wholeLots;
  const missing = (11n * BigInt(maintenanceAtoms) - 10n * BigInt(equityAtoms)) * 1_000_000n;
  const freedPerLot = BigInt(notionalAtoms(spec, markTicks, 1)) * BigInt(freedPpm);
  const lots = divCeilBig(missing, freedPerLot);
  return lots >= BigInt(wholeLots) ? wholeLots : Number(lots);
}
