import type { Metrics } from '@keel/runtime';
import {
  type Event,
  formatDecimal,
  type MarketStatus,
  type PriceTicks,
  rejectName,
  type SequencerStatus,
  type UpdateIndexPrice,
} from '@keel/types';
import type { PriceSource } from './priceSource.ts';
import { stepTowards } from './stepTowards.ts';

/** The part of the intake that a feeder uses. */
export interface PriceGate {
  status(): Promise<SequencerStatus>;
  submit(command: UpdateIndexPrice): Promise<{ readonly events: readonly Event[] }>;
}

/** Longer than this without an accepted price and the feed is not ready: the exchange stops adding risk soon after. */
const ACCEPTED_MS_MAX = 5_000;

interface MarketFeed {
  readonly market: MarketStatus;
  readonly source: PriceSource;
  /** The exchange's index as far as known. */
  indexTicks: PriceTicks;
  /** What the source says now; the index may still be on its way there. */
  targetTicks: PriceTicks;
  publishTimeMs: number;
  acceptedMs: number;
  accepted: number;
  refused: number;
  lastRefusal: string | undefined;
}

export interface PriceFeed {
  /**
   * Lets `passedMs` pass in every source and publishes what they say at `nowMs`. Rejects when the exchange cannot be
   * reached; the next turn then asks it first where its indexes are. Recorded time stands still meanwhile.
   */
  turn(nowMs: number, passedMs: number): Promise<void>;
  /** The exchange was away: the next turn asks it first where its indexes are. */
  forgetIndexes(): void;
  /** Why it is not ready, in words. */
  reasons(nowMs: number): readonly string[];
  status(nowMs: number): unknown;
}

/** Publishes one index per listed market; `sourceOf` says where a market's price comes from. */
export function createPriceFeed(options: {
  readonly gate: PriceGate;
  readonly sourceOf: (market: MarketStatus) => PriceSource;
  readonly metrics: Metrics;
}): PriceFeed {
  const feeds = new Map<string, MarketFeed>();
  const figures = createFigures(options.metrics);
  let synchronised = false;

  return {
    async turn(nowMs, passedMs) {
      if (!synchronised) await synchronise();
      try {
        await Promise.all([...feeds.values()].map((feed) => publish(feed, nowMs, passedMs)));
      } catch (fault) {
        synchronised = false;
        throw fault;
      }
    },
    forgetIndexes() {
      synchronised = false;
    },
    reasons(nowMs) {
      if (feeds.size === 0) return ['the exchange was not reached yet, or lists no market'];
      return [...feeds.values()]
        .filter((feed) => nowMs - feed.acceptedMs > ACCEPTED_MS_MAX)
        .map((feed) => `${feed.market.symbol} has had no accepted price for ${ACCEPTED_MS_MAX / 1_000} s`);
    },
    status: (nowMs) => ({ markets: [...feeds.values()].map((feed) => describe(feed, nowMs)) }),
  };

  /** Learns which markets there are and where their indexes stand, so that no update is refused as a jump. */
  async function synchronise(): Promise<void> {
    const { markets } = await options.gate.status();
    for (const market of markets) {
      const known = feeds.get(market.symbol);
      if (known !== undefined) {
        known.indexTicks = market.indexTicks;
        continue;
      }
      feeds.set(market.symbol, {
        market,
        source: options.sourceOf(market),
        indexTicks: market.indexTicks,
        targetTicks: market.indexTicks,
        publishTimeMs: 0,
        acceptedMs: 0,
        accepted: 0,
        refused: 0,
        lastRefusal: undefined,
      });
    }
    synchronised = feeds.size > 0;
  }

  async function publish(feed: MarketFeed, nowMs: number, passedMs: number): Promise<void> {
    for (const targetTicks of feed.source.advance(passedMs)) {
      feed.targetTicks = targetTicks;
      const priceTicks = stepTowards(feed.indexTicks, targetTicks, feed.market.indexJumpPpm);
      // Two prices of one turn need two times: the exchange takes no price that is not newer than its last.
      feed.publishTimeMs = Math.max(nowMs, feed.publishTimeMs + 1);
      const { events } = await options.gate.submit({
        kind: 'updateIndexPrice',
        marketId: feed.market.marketId,
        priceTicks,
        publishTimeMs: feed.publishTimeMs,
      });
      const refusal = events.find((event) => event.kind === 'commandRejected');
      if (refusal === undefined) accept(feed, priceTicks, nowMs);
      else refuse(feed, rejectName(refusal.code) ?? String(refusal.code));
    }
  }

  function accept(feed: MarketFeed, priceTicks: PriceTicks, nowMs: number): void {
    feed.indexTicks = priceTicks;
    feed.acceptedMs = nowMs;
    feed.accepted += 1;
    const labels = { market: feed.market.symbol };
    figures.published.inc(labels);
    figures.price.set(labels, priceTicks / 10 ** feed.market.priceDecimals);
    figures.acceptedSeconds.set(labels, nowMs / 1_000);
  }

  function refuse(feed: MarketFeed, code: string): void {
    feed.refused += 1;
    feed.lastRefusal = code;
    figures.refused.inc({ market: feed.market.symbol, code });
    // The exchange's index is not what this process believes; the next turn asks.
    synchronised = false;
  }
}

function createFigures(metrics: Metrics) {
  return {
    price: metrics.gauge({
      name: 'keel_price_feed_price_usd',
      help: 'Last index price the exchange accepted.',
      labelNames: ['market'],
    }),
    acceptedSeconds: metrics.gauge({
      name: 'keel_price_feed_accepted_timestamp_seconds',
      help: 'When the exchange last accepted a price; time() minus this is its age.',
      labelNames: ['market'],
    }),
    published: metrics.counter({
      name: 'keel_price_feed_accepted_total',
      help: 'Index prices the exchange accepted.',
      labelNames: ['market'],
    }),
    refused: metrics.counter({
      name: 'keel_price_feed_refused_total',
      help: 'Index prices the exchange refused, by reject code.',
      labelNames: ['market', 'code'],
    }),
  };
}

function describe(feed: MarketFeed, nowMs: number): unknown {
  const { priceDecimals, symbol } = feed.market;
  return {
    market: symbol,
    index: formatDecimal(feed.indexTicks, priceDecimals),
    target: formatDecimal(feed.targetTicks, priceDecimals),
    ageMs: feed.acceptedMs === 0 ? null : nowMs - feed.acceptedMs,
    accepted: feed.accepted,
    refused: feed.refused,
    lastRefusal: feed.lastRefusal ?? null,
    ...feed.source.progress(),
  };
}
