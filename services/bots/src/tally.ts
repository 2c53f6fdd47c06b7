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

/** The tally as metrics, read at each scrape. */
export function exposeTally(tally: Tally, metrics: Metrics): void {
  const figures: [string, string, () => number][] = [
    ['keel_bots_orders_total', 'Orders the exchange took.', () => tally.orders],
    ['keel_bots_fills_total', 'Fills of these orders at once.', () => tally.fills],
    ['keel_bots_amends_total', 'Amendments the exchange took.', () => tally.amends],
    ['keel_bots_cancels_total', 'Cancels the exchange took.', () => tally.cancels],
    ['keel_bots_deposits_total', 'Deposits made on L1.', () => tally.deposits],
    ['keel_bots_liquidated_total', 'Times a liquidation took some or all of a position.', () => tally.liquidated],
    ['keel_bots_faults_total', 'Turns that ended early for want of an answer.', () => tally.faults],
    ['keel_bots_refused_total', 'Requests the exchange refused.', () => sum(tally.refusedByCode)],
  ];
  for (const [name, help, collect] of figures) metrics.counter({ name, help, collect });
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
