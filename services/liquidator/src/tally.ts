import type { Metrics } from '@keel/runtime';
import type { QuoteAtoms, SizeLots } from '@keel/types';

/** One auction as it went for this bot. */
export interface AuctionReport {
  readonly auctionId: number;
  readonly market: string;
  readonly side: 'buy' | 'sell';
  readonly size: string;
  readonly takenSize: string;
  /** Price of the last take; null when nothing was taken. */
  readonly price: string | null;
  /** Why it was left at last; null when something was taken. */
  readonly skipped: string | null;
}

/** What the bot did since it started. */
export interface Tally {
  seen: number;
  /** Auctions of which it has lots, */
  taken: number;
  /** in so many requests, */
  takes: number;
  /** worth so much at the prices paid. */
  takenAtoms: QuoteAtoms;
  /** Auctions that ended without it, by the reason that held last: its own, a code of the exchange, or how they ended. */
  readonly skippedByReason: Record<string, number>;
  /** Orders that unwind, and lots of all markets that they traded. */
  unwindOrders: number;
  unwoundLots: SizeLots;
  /** Realised by takes and unwinding, fees taken off. */
  pnlAtoms: QuoteAtoms;
  /** Times the auctions channel was lost. */
  losses: number;
  /** Rounds that ended early for want of an answer. */
  faults: number;
  readonly refusedByCode: Record<string, number>;
  /** Newest first. */
  readonly recent: AuctionReport[];
}

const RECENT_MAX = 20;

export function createTally(): Tally {
  return {
    seen: 0,
    taken: 0,
    takes: 0,
    takenAtoms: 0,
    skippedByReason: {},
    unwindOrders: 0,
    unwoundLots: 0,
    pnlAtoms: 0,
    losses: 0,
    faults: 0,
    refusedByCode: {},
    recent: [],
  };
}

export function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

export function reportAuction(tally: Tally, report: AuctionReport): void {
  if (report.skipped === null) tally.taken += 1;
  else count(tally.skippedByReason, report.skipped);
  tally.recent.unshift(report);
  tally.recent.length = Math.min(tally.recent.length, RECENT_MAX);
}

/** The tally as metrics, read at each scrape. */
export function exposeTally(tally: Tally, metrics: Metrics): void {
  const figures: [string, string, () => number][] = [
    ['keel_liquidator_auctions_seen_total', 'Auctions that the bot saw.', () => tally.seen],
    ['keel_liquidator_auctions_taken_total', 'Auctions of which it took lots.', () => tally.taken],
    ['keel_liquidator_auctions_skipped_total', 'Auctions that ended without it.', () => sum(tally.skippedByReason)],
    ['keel_liquidator_refused_total', 'Requests the exchange refused.', () => sum(tally.refusedByCode)],
    ['keel_liquidator_faults_total', 'Rounds that ended early for want of an answer.', () => tally.faults],
  ];
  for (const [name, help, collect] of figures) metrics.counter({ name, help, collect });
  metrics.gauge({
    name: 'keel_liquidator_pnl_atoms',
    help: 'Realised profit less fees, in 10^-6 USDC; below zero is a loss.',
    collect: () => tally.pnlAtoms,
  });
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, each) => total + each, 0);
}
