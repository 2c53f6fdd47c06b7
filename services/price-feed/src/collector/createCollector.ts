import type { Metrics } from '@keel/runtime';
import type { KeelDomain } from '@keel/signing';
import {
  agreePrice,
  type Command,
  type Event,
  formatDecimal,
  type PriceFeeder,
  type PriceReport,
  quorumOf,
  rejectName,
  type SequencerStatus,
  type TimeMs,
} from '@keel/types';
import type { FeederReply } from '../feederReply.ts';
import type { Turn } from '../sources/priceSource.ts';
import type { FeederDoor } from './feederDoor.ts';
import { type FeedState, feedsOf, present } from './feedState.ts';
import { type FeederReports, lineUp } from './lineUp.ts';
import { readReport } from './readReport.ts';

/** The part of the intake that a collector uses. */
export interface PriceGate {
  status(): Promise<SequencerStatus>;
  submit(command: Command): Promise<{ readonly events: readonly Event[] }>;
}

/** Longer than this without an accepted price and the collector is not ready: the exchange stops adding risk then. */
const ACCEPTED_MS_MAX = 5_000;
/** A new feeder set or market is known after this at the latest. */
const STATUS_EVERY_MS = 2_000;

export interface Collector {
  /**
   * Lets `passedMs` of play time pass, asks every feeder what it says at `nowMs`, and hands over each price for which a
   * quorum stands. Rejects when the exchange cannot be reached; play time stands still meanwhile.
   */
  turn(nowMs: TimeMs, passedMs: number): Promise<void>;
  /** The exchange was away: the next turn asks it first where it is. */
  forgetExchange(): void;
  /** Why it is not ready, in words. */
  reasons(nowMs: TimeMs): readonly string[];
  status(nowMs: TimeMs): unknown;
}

/**
 * Gathers reports of feeders it need not trust: what is forged, old, out of range, repeated or far from the others is
 * dropped here, so that one bad feeder cannot have a whole price refused. It has no key and can make up nothing.
 */
export function createCollector(options: {
  readonly gate: PriceGate;
  readonly doors: readonly FeederDoor[];
  readonly domain: KeelDomain;
  readonly metrics: Metrics;
}): Collector {
  const { gate, doors } = options;
  const feeds = new Map<string, FeedState>();
  const figures = createFigures(options.metrics);
  let feeders: readonly PriceFeeder[] = [];
  let statusMs = Number.NEGATIVE_INFINITY;
  let playedMs = 0;
  let answering = 0;

  return {
    async turn(nowMs, passedMs) {
      if (nowMs - statusMs >= STATUS_EVERY_MS || nowMs < statusMs) await synchronise(nowMs);
      if (feeds.size === 0) return;
      const fromMs = playedMs;
      playedMs += Math.round(passedMs);
      const turn = { nowMs, fromMs, toMs: playedMs };
      const asked = [...feeds.values()].map(({ feed }) => feed);
      const replies = (await Promise.all(doors.map((door) => door.ask(asked, turn)))).filter(isFirstOfItsFeeder);
      answering = replies.length;
      try {
        await Promise.all([...feeds.values()].map((state) => publish(state, replies, turn)));
      } catch (fault) {
        statusMs = Number.NEGATIVE_INFINITY;
        throw fault;
      }
    },
    forgetExchange() {
      statusMs = Number.NEGATIVE_INFINITY;
    },
    reasons(nowMs) {
      if (feeds.size === 0) return ['the exchange was not reached yet, or lists no market'];
      if (feeders.length === 0) return ['the exchange has no price feeders; npm run -s market -- feeders set'];
      const late = [...feeds.values()].filter(({ acceptedMs }) => nowMs - acceptedMs > ACCEPTED_MS_MAX);
      const heads = `${answering} of ${doors.length} feeders answer, ${quorumOf(feeders.length)} must agree`;
      return late.map(
        ({ feed, fault }) =>
          `${feed.name} has had no accepted price for ${ACCEPTED_MS_MAX / 1_000} s (${fault ?? 'nothing was refused'}; ${heads})`,
      );
    },
    status: (nowMs) => ({
      markets: [...feeds.values()].map((state) => present(state, nowMs)),
      feeders: doors.map((door) => door.status(nowMs)),
      quorum: feeders.length === 0 ? null : quorumOf(feeders.length),
      playedMs,
    }),
  };

  /** Learns which prices there are to ask for and whose reports count. What is known keeps the price it began with. */
  async function synchronise(nowMs: TimeMs): Promise<void> {
    const status = await gate.status();
    feeders = status.feeders;
    for (const found of feedsOf(status)) {
      const known = feeds.get(found.feed.name);
      if (known === undefined) feeds.set(found.feed.name, found);
      else known.priceTicks = found.priceTicks;
    }
    statusMs = nowMs;
  }

  async function publish(state: FeedState, replies: readonly FeederReply[], turn: Turn): Promise<void> {
    const reported: FeederReports[] = [];
    for (const { feeder, feeds: answers } of replies) {
      const answer = answers.find(({ feed }) => feed === state.feed.name);
      if (answer === undefined) continue;
      state.sources = answer.sources;
      if (feeders.some((each) => each.feeder === feeder))
        reported.push({ feeder, reports: soundReports(state, feeder, answer.reports) });
    }
    for (const reports of lineUp(reported)) await publishMoment(state, reports, turn.nowMs);
    if (reported.length === 0) state.fault = 'no feeder of the set reports it';
  }

  /** Those of one feeder that the exchange could take; whatever else it sends is counted and dropped. */
  function soundReports(
    state: FeedState,
    feeder: FeederReports['feeder'],
    texts: FeederReply['feeds'][number]['reports'],
  ): readonly PriceReport[] {
    const sound: PriceReport[] = [];
    let lastSequence = state.sequences.get(feeder) ?? -1;
    for (const text of texts) {
      const report = readReport(text, feeder, state.feed, state.maxPriceTicks, options.domain);
      const fault = typeof report === 'string' ? report : undefined;
      if (typeof report !== 'string' && report.reportSequence > lastSequence) {
        lastSequence = report.reportSequence;
        sound.push(report);
      } else drop(state, feeder, fault ?? 'repeated');
    }
    return sound;
  }

  function drop(state: FeedState, feeder: string, reason: string): void {
    state.dropped += 1;
    figures.dropped.inc({ feed: state.feed.name, feeder, reason });
  }

  /** The reports of one moment: what counts of them goes to the exchange, if it is a quorum and newer than the last. */
  async function publishMoment(state: FeedState, reports: readonly PriceReport[], nowMs: TimeMs): Promise<void> {
    const agreed = agreePrice({
      feeders,
      reports,
      nowMs,
      maxPriceTicks: state.maxPriceTicks,
      // Nobody is helped by a report that is older than the exchange takes by itself.
      staleMs: 0,
      lastReports: [],
      lastPublishTimeMs: state.publishTimeMs,
    });
    if (typeof agreed === 'number') {
      state.fault = rejectName(agreed) ?? String(agreed);
      // A price that nobody has renewed yet is none to tell again.
      if (state.fault !== 'INDEX_PRICE_OUTDATED') figures.missed.inc({ feed: state.feed.name, code: state.fault });
      return;
    }
    for (const { feeder } of agreed.dropped) drop(state, feeder, 'staleOrFar');
    const { events } = await gate.submit(state.commandOf(agreed.counted));
    for (const { feeder, reportSequence } of agreed.counted) state.sequences.set(feeder, reportSequence);
    state.publishTimeMs = agreed.publishTimeMs;
    const refusal = events.find((event) => event.kind === 'commandRejected');
    if (refusal === undefined) accept(state, events, agreed.counted.length, nowMs);
    else refuse(state, rejectName(refusal.code) ?? String(refusal.code));
  }

  function accept(state: FeedState, events: readonly Event[], counted: number, nowMs: TimeMs): void {
    state.priceTicks = acceptedTicks(events) ?? state.priceTicks;
    state.acceptedMs = nowMs;
    state.accepted += 1;
    state.counted = counted;
    state.fault = undefined;
    const labels = { feed: state.feed.name };
    figures.accepted.inc(labels);
    figures.price.set(labels, Number(formatDecimal(state.priceTicks, state.feed.priceDecimals)));
    figures.acceptedSeconds.set(labels, nowMs / 1_000);
  }

  function refuse(state: FeedState, code: string): void {
    state.refused += 1;
    state.fault = code;
    figures.refused.inc({ feed: state.feed.name, code });
    // The exchange is not what this process believes; the next turn asks.
    statusMs = Number.NEGATIVE_INFINITY;
  }
}

/** Two addresses of one feeder are one head; the first answer speaks for it. */
function isFirstOfItsFeeder(
  reply: FeederReply | undefined,
  place: number,
  replies: readonly (FeederReply | undefined)[],
): reply is FeederReply {
  return reply !== undefined && replies.findIndex((each) => each?.feeder === reply.feeder) === place;
}

/** Where the price stands after the command; one beyond the circuit band leaves it where it was. */
function acceptedTicks(events: readonly Event[]): number | undefined {
  for (const event of events) {
    if (event.kind === 'indexPriceUpdated') return event.indexTicks;
    if (event.kind === 'collateralPriceUpdated') return event.priceTicks;
  }
  return undefined;
}

function createFigures(metrics: Metrics) {
  return {
    price: metrics.gauge({
      name: 'keel_price_feed_price_usd',
      help: 'Last price the exchange accepted.',
      labelNames: ['feed'],
    }),
    acceptedSeconds: metrics.gauge({
      name: 'keel_price_feed_accepted_timestamp_seconds',
      help: 'When the exchange last accepted a price; time() minus this is its age.',
      labelNames: ['feed'],
    }),
    accepted: metrics.counter({
      name: 'keel_price_feed_accepted_total',
      help: 'Prices the exchange accepted.',
      labelNames: ['feed'],
    }),
    refused: metrics.counter({
      name: 'keel_price_feed_refused_total',
      help: 'Prices the exchange refused, by reject code.',
      labelNames: ['feed', 'code'],
    }),
    missed: metrics.counter({
      name: 'keel_price_feed_missed_total',
      help: 'Times the reports made no price, by the reason.',
      labelNames: ['feed', 'code'],
    }),
    dropped: metrics.counter({
      name: 'keel_price_feed_dropped_total',
      help: 'Reports that did not count: forged, malformed, outOfRange, repeated, or staleOrFar from the others.',
      labelNames: ['feed', 'feeder', 'reason'],
    }),
  };
}
