import { formatDecimal, type MarketSpec, type SizeLots } from '@keel/types';

/** Decimals of an average price beyond those of a tick. */
const AVERAGE_DECIMALS_MORE = 4;

/** `totalAtoms` paid or received for `lots`, as USD per base unit; rounded down; null where nothing traded. */
export function formatAveragePrice(totalAtoms: number | bigint, lots: SizeLots, spec: MarketSpec): string | null {
  if (lots === 0) return null;
  const total = BigInt(totalAtoms);
  const absolute = total < 0n ? -total : total;
  const perTick = BigInt(lots) * BigInt(spec.atomsPerTickLot);
  const scaled = (absolute * 10n ** BigInt(AVERAGE_DECIMALS_MORE)) / perTick;
  return formatDecimal(scaled, spec.priceDecimals + AVERAGE_DECIMALS_MORE);
}
