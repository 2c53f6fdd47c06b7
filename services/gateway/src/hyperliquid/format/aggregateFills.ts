import type { FillDoc } from '@keel/redis';
import { divFloorBig } from '@keel/types';

/**
 * What an order took from several others in one command as one fill, at the average price rounded down to a tick; what it gave
 * stays apart. Oldest first.
 */
export function aggregateFills(fills: readonly FillDoc[]): FillDoc[] {
  const runs: FillDoc[][] = [];
  for (const fill of fills) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    const { sequence, orderId, role } = fill;
    if (role === 'taker' && before?.sequence === sequence && before.orderId === orderId) run?.push(fill);
    else runs.push([fill]);
  }
  return runs.map((run) => aggregate(run as [FillDoc, ...FillDoc[]]));
}

function aggregate(run: readonly [FillDoc, ...FillDoc[]]): FillDoc {
  const [first] = run;
  if (run.length === 1) return first;
  const sum = (of: (fill: FillDoc) => number): number => run.reduce((total, fill) => total + of(fill), 0);
  const sizeLots = sum((fill) => fill.sizeLots);
  const tickLots = run.reduce((total, fill) => total + BigInt(fill.priceTicks) * BigInt(fill.sizeLots), 0n);
  return {
    ...first,
    sizeLots,
    priceTicks: Number(divFloorBig(tickLots, BigInt(sizeLots))),
    feeAtoms: sum((fill) => fill.feeAtoms),
    realisedPnlAtoms: sum((fill) => fill.realisedPnlAtoms),
  };
}
