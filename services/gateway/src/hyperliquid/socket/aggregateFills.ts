import type { FillDoc } from '@keel/redis';
import { divFloorBig } from '@keel/types';

/**
 * What an order took from several others in one command as one fill: the position is that before the first piece, the price
 * their average, rounded down to a tick. `fills` oldest first.
 */
export function aggregateFills(fills: readonly FillDoc[]): FillDoc[] {
  const runs: FillDoc[][] = [];
  for (const fill of fills) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    const belongs = fill.role === 'taker' && before?.sequence === fill.sequence && before.orderId === fill.orderId;
    if (belongs) run?.push(fill);
    else runs.push([fill]);
  }
  return runs.flatMap((run) => {
    const [first] = run;
    return first === undefined ? [] : [sumOf(first, run)];
  });
}

function sumOf(first: FillDoc, run: readonly FillDoc[]): FillDoc {
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
