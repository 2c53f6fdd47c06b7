import type { Liquidation } from '@keel/client';

/** A liquidation with those of its steps that the page has. */
export interface LiquidationGroup {
  readonly liquidationId: string;
  readonly newest: Liquidation;
  /** Oldest first, as they happened. */
  readonly steps: readonly Liquidation[];
}

/** Steps, newest first, gathered into their liquidations: that with the newest step first. */
export function groupLiquidations(rows: readonly Liquidation[]): readonly LiquidationGroup[] {
  const groups = new Map<string, Liquidation[]>();
  for (const row of rows) {
    const group = groups.get(row.liquidationId);
    if (group === undefined) groups.set(row.liquidationId, [row]);
    else group.push(row);
  }
  return [...groups].map(([liquidationId, steps]) => ({
    liquidationId,
    newest: steps[0]!,
    steps: steps.toReversed(),
  }));
}
