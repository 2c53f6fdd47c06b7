import type { Book } from '@keel/redis';
import { divCeil, divFloor, type MarketSpec, mulExact, type PriceTicks, type SizeLots } from '@keel/types';
import { formatPrice, formatSize } from '../../format/formatMarket.ts';

/** Levels of one side in one answer. */
export const LEVELS_SHOWN = 20;

export interface LevelAnswer {
  readonly px: string;
  readonly sz: string;
  /** Orders there. The read model counts lots, not orders: at least one. */
  readonly n: number;
}

export type LevelsAnswer = readonly [bids: readonly LevelAnswer[], asks: readonly LevelAnswer[]];

/** How a client asked for prices to be put together. */
export interface Grouping {
  /** Significant digits of a price, 2 to 5; undefined = every price for itself. */
  readonly nSigFigs: number | undefined;
  /** With 5 digits: the last one goes in steps of 2 or 5. */
  readonly mantissa: number | undefined;
}

export const UNGROUPED: Grouping = { nSigFigs: undefined, mantissa: undefined };

/** The best levels. Grouped prices are rounded away from the other side, so that no level looks better than it is. */
export function writeLevels(spec: MarketSpec, { bids, asks }: Book, grouping: Grouping = UNGROUPED): LevelsAnswer {
  const step = stepTicks(asks[0]?.[0] ?? bids[0]?.[0] ?? 1, grouping);
  const write = ([ticks, lots]: readonly [PriceTicks, SizeLots]): LevelAnswer => ({
    px: formatPrice(ticks, spec),
    sz: formatSize(lots, spec),
    n: 1,
  });
  return [
    grouped(bids, (ticks) => mulExact(divFloor(ticks, step), step)).map(write),
    grouped(asks, (ticks) => mulExact(divCeil(ticks, step), step)).map(write),
  ];
}

/** Ticks between two prices of so many significant digits around `ticks`; at least 1. */
function stepTicks(ticks: PriceTicks, { nSigFigs, mantissa = 1 }: Grouping): number {
  if (nSigFigs === undefined) return 1;
  const spareDigits = String(ticks).length - nSigFigs;
  return spareDigits < 0 ? 1 : 10 ** spareDigits * mantissa;
}

function grouped(
  levels: Book['bids'],
  groupOf: (ticks: PriceTicks) => PriceTicks,
): (readonly [PriceTicks, SizeLots])[] {
  const groups = new Map<PriceTicks, SizeLots>();
  for (const [ticks, lots] of levels) {
    const group = groupOf(ticks);
    if (groups.size === LEVELS_SHOWN && !groups.has(group)) break;
    groups.set(group, (groups.get(group) ?? 0) + lots);
  }
  return [...groups];
}
