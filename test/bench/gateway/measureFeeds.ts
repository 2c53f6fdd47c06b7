import type { FeedPlan, FeedResult } from './loadPlan.ts';
import { gatewayFigures, socketUrl, startLoad, type Venue } from './venue.ts';

export interface FeedRow {
  readonly what: 'steady' | 'unpaced' | 'slow readers';
  readonly subscribers: number;
  readonly slow: number;
  readonly changesPerSecond: number;
  readonly exchange: FeedResult;
  readonly bare: FeedResult;
  /** Of what the bare server delivers. */
  readonly ofBare: number;
  /** By which the gateway's resident memory grew. */
  readonly grownBytes: number;
}

export interface FeedTerms {
  readonly subscribers: readonly number[];
  readonly seconds: number;
}

/** Deliveries a second that a steady run asks for: a fifth of what one core's bare sockets do, so that a delay is no queue. */
const STEADY_DELIVERIES = 20_000;
const CHANGES_PER_SECOND_MAX = 50;
const SLOW_READERS = 50;

/** Each number of subscribers at a steady rate and as fast as it goes; the smallest with readers that do not read, too. */
export async function measureFeeds(venue: Venue, { subscribers, seconds }: FeedTerms): Promise<FeedRow[]> {
  const rows: FeedRow[] = [];
  const measureRow = async (what: FeedRow['what'], count: number, slow: number, rate: number): Promise<void> => {
    rows.push(await measure(venue, what, count, slow, rate, seconds));
  };
  for (const count of subscribers) {
    const rate = Math.max(1, Math.min(CHANGES_PER_SECOND_MAX, Math.round(STEADY_DELIVERIES / count)));
    await measureRow('steady', count, 0, rate);
    await measureRow('unpaced', count, 0, 0);
  }
  const fewest = Math.min(...subscribers);
  if (Number.isFinite(fewest)) await measureRow('slow readers', fewest + SLOW_READERS, SLOW_READERS, 0);
  return rows;
}

async function measure(
  venue: Venue,
  what: FeedRow['what'],
  subscribers: number,
  slow: number,
  changesPerSecond: number,
  seconds: number,
): Promise<FeedRow> {
  const { chainId, settlement, keys } = venue;
  venue.note(`book to ${subscribers} subscribers, ${what}`);
  const [key] = keys;
  if (key === undefined) throw new Error('no account to change the book with');
  const common = { kind: 'feed', subscribers, slow, changesPerSecond, seconds, chainId, settlement, key } as const;
  const run = async (plan: FeedPlan): Promise<{ readonly result: FeedResult; readonly grownBytes: number }> => {
    const load = await startLoad(plan);
    const before = await gatewayFigures(venue);
    const result = await load.run<FeedResult>('run');
    const after = await gatewayFigures(venue);
    load.end();
    return { result, grownBytes: after.residentBytes - before.residentBytes };
  };
  const exchange = await run({ ...common, source: 'exchange', url: socketUrl(venue.url) });
  const bare = await run({ ...common, source: 'bare', url: socketUrl(venue.bareUrl) });
  return {
    what,
    subscribers,
    slow,
    changesPerSecond,
    exchange: exchange.result,
    bare: bare.result,
    ofBare: exchange.result.deliveriesPerSecond / bare.result.deliveriesPerSecond,
    grownBytes: exchange.grownBytes,
  };
}
