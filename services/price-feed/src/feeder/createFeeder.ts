import type { Metrics } from '@keel/runtime';
import { addressOfKey, type KeelDomain, signedPriceReport, signPriceReport } from '@keel/signing';
import type { Address, Hex, TimeMs } from '@keel/types';
import type { FeederReply, FeedReply, TextReport } from '../feederReply.ts';
import type { Feed, Observation, Turn } from '../sources/priceSource.ts';
import { type FeederSources, observeFeed } from './observeFeed.ts';

/** A collector that has not asked for so long has gone. */
const ASKED_MS_MAX = 5_000;

export interface Feeder {
  readonly address: Address;
  /** What the sources say of each feed now, signed. */
  report(feeds: readonly Feed[], turn: Turn): FeederReply;
  /** Why it is not ready, in words. Before anybody asked it is. */
  reasons(nowMs: TimeMs): readonly string[];
  status(nowMs: TimeMs): unknown;
}

/** One key and one set of sources: says what it sees and signs it. Its key never leaves this closure. */
export function createFeeder(options: {
  readonly key: Hex;
  readonly domain: KeelDomain;
  readonly sources: FeederSources;
  readonly metrics: Metrics;
}): Feeder {
  const { key, domain, sources } = options;
  const address = addressOfKey(key);
  const figures = createFigures(options.metrics);
  let lastSequence = 0;
  let lastReply: FeederReply | undefined;
  let askedMs = 0;

  return {
    address,
    report(feeds, turn) {
      askedMs = turn.nowMs;
      lastReply = { feeder: address, feeds: feeds.map((feed) => reportFeed(feed, turn)) };
      return lastReply;
    },
    reasons: (nowMs) => {
      const reply = nowMs - askedMs <= ASKED_MS_MAX ? lastReply : undefined;
      return (reply?.feeds ?? []).flatMap(({ feed, fault }) => (fault === null ? [] : [`${feed}: ${fault}`]));
    },
    status: (nowMs) => ({
      feeder: address,
      askedMsAgo: lastReply === undefined ? null : nowMs - askedMs,
      feeds: (lastReply?.feeds ?? []).map(({ feed, reports, fault, sources: progress }) => ({
        feed,
        price: reports.at(-1)?.price ?? null,
        fault,
        sources: progress,
      })),
    }),
  };

  function reportFeed(feed: Feed, turn: Turn): FeedReply {
    const { observation, progress } = observeFeed(sources, feed, turn);
    const reports = 'fault' in observation ? observation : sign(feed, observation);
    const labels = { feed: feed.name };
    if ('fault' in reports) {
      figures.faults.inc(labels);
      return { feed: feed.name, reports: [], fault: reports.fault, sources: progress };
    }
    figures.reports.inc(labels, reports.length);
    figures.price.set(labels, Number(reports.at(-1)?.price));
    return { feed: feed.name, reports, fault: null, sources: progress };
  }

  /** Two prices of one turn need two times: the exchange takes no price that is not newer than its last. */
  function sign(feed: Feed, { pricesUsd, perpUsd, timeMs }: Observation): readonly TextReport[] | { fault: string } {
    const perpTicks = ticksOf(perpUsd, feed);
    const reports: TextReport[] = [];
    for (const [place, priceUsd] of pricesUsd.entries()) {
      const priceTicks = ticksOf(priceUsd, feed);
      if (priceTicks < 1 || !Number.isSafeInteger(priceTicks) || !Number.isSafeInteger(perpTicks))
        return { fault: `${priceUsd} USD is no price with ${feed.priceDecimals} decimals` };
      const publishTimeMs = timeMs - (pricesUsd.length - 1 - place);
      // The clock, so that a restart needs no memory to go on above what it has signed before.
      lastSequence = Math.max(lastSequence + 1, Date.now());
      const figuresOf = { priceTicks, perpTicks, publishTimeMs, reportSequence: lastSequence };
      const { price, perpPrice, publishTime, reportSequence } = signedPriceReport(feed, figuresOf);
      const signature = signPriceReport(domain, feed, figuresOf, key);
      reports.push({ price, perpPrice, publishTime, reportSequence, signature });
    }
    return reports;
  }
}

function ticksOf(usd: number, { priceDecimals }: Feed): number {
  return Math.round(usd * 10 ** priceDecimals);
}

function createFigures(metrics: Metrics) {
  return {
    price: metrics.gauge({
      name: 'keel_price_feeder_price_usd',
      help: 'Last price this feeder has signed.',
      labelNames: ['feed'],
    }),
    reports: metrics.counter({
      name: 'keel_price_feeder_reports_total',
      help: 'Reports signed.',
      labelNames: ['feed'],
    }),
    faults: metrics.counter({
      name: 'keel_price_feeder_faults_total',
      help: 'Times it was asked and had no fresh price.',
      labelNames: ['feed'],
    }),
  };
}
