import type { Metrics } from '@keel/runtime';

/** What the bots did since they started. */
export interface Tally {
  orders: number;
  fills: number;
  amends: number;
  cancels: number;
  deposits: number;
  /** Times a leveraged taker found its position smaller than it had left it. */
  liquidated: number;
  /** Turns that ended early because the gateway or L1 did not answer. */
  faults: number;
  readonly refusedByCode: Record<string, number>;
}

export function createTally(): Tally {
  return { orders: 0, fills: 0, amends: 0, cancels: 0, deposits: 0, liquidated: 0, faults: 0, refusedByCode: {} };
}

export function countRefusal(tally: Tally, code: string): void {
  tally.refusedByCode[code] = (tally.refusedByCode[code] ?? 0) + 1;
}

/** The tally as metrics; counters that only ever rise, read at each scrape. */
export function exposeTally(tally: Tally, metrics: Metrics): void {
  const figures: [string, string, () => number][] = [
    ['orders', 'Orders the exchange took.', () => tally.orders],
    ['fills', 'Fills of these orders at once.', () => tally.fills],
    ['amends', 'Amendments the exchange took.', () => tally.amends],
    ['cancels', 'Cancels the exchange took.', () => tally.cancels],
    ['deposits', 'Deposits made on L1.', () => tally.deposits],
    ['liquidated', 'Times a liquidation took some or all of a position.', () => tally.liquidated],
    ['faults', 'Turns that ended early for want of an answer.', () => tally.faults],
    ['refused', 'Requests the exchange refused.', () => sum(tally.refusedByCode)],
  ];
  for (const [what, help, collect] of figures) metrics.gauge({ name: `keel_bots_${what}_count`, help, collect });
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
