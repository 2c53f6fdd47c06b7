import type { Address, Hex, TimeMs } from '@keel/types';
import type { Feed, SourceProgress, Turn } from './sources/priceSource.ts';

/** What passes between a collector and a feeder: a GET of /reports, and its JSON. Prices are decimal texts, as signed. */

export interface FeederReply {
  readonly feeder: Address;
  /** In the order in which they were asked for. */
  readonly feeds: readonly FeedReply[];
}

export interface FeedReply {
  readonly feed: string;
  /** In order, the present one last; none when no source has a fresh price. */
  readonly reports: readonly TextReport[];
  /** Why there is none; null when there is. */
  readonly fault: string | null;
  readonly sources: readonly SourceProgress[];
}

export interface TextReport {
  readonly price: string;
  /** `0` = not fed. */
  readonly perpPrice: string;
  readonly publishTime: TimeMs;
  readonly reportSequence: number;
  readonly signature: Hex;
}

/** Longer play time than any devnet lives; a simulation would walk there step by step. */
const PLAYED_MS_MAX = 366 * 24 * 3_600_000;
const FEEDS_MAX = 512;

/** `/reports?from=0&to=500&feed=BTC-USD,1,60000`: play times, and name, price decimals and start price of each feed. */
export function reportsQuery(feeds: readonly Feed[], { fromMs, toMs }: Turn): string {
  const query = new URLSearchParams({ from: String(fromMs), to: String(toMs) });
  for (const { name, priceDecimals, startUsd } of feeds) query.append('feed', `${name},${priceDecimals},${startUsd}`);
  return `/reports?${query}`;
}

/** What such a query asks for. Throws a sentence for one that is none. */
export function readReportsQuery(query: URLSearchParams, nowMs: TimeMs): { feeds: readonly Feed[]; turn: Turn } {
  const fromMs = playTime(query.get('from'));
  const toMs = playTime(query.get('to'));
  const feeds = query.getAll('feed').map(readFeed);
  if (fromMs > toMs) throw new RangeError('play time goes forwards: from is at most to');
  if (feeds.length === 0 || feeds.length > FEEDS_MAX) throw new RangeError(`ask for 1 to ${FEEDS_MAX} feeds`);
  return { feeds, turn: { nowMs, fromMs, toMs } };
}

function playTime(text: string | null): number {
  const timeMs = /^[0-9]{1,12}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (!(timeMs <= PLAYED_MS_MAX)) throw new RangeError(`from and to are whole milliseconds up to ${PLAYED_MS_MAX}`);
  return timeMs;
}

function readFeed(text: string): Feed {
  const parts = /^([A-Za-z0-9:-]{1,32}),([0-9]),([0-9]{1,16}(?:\.[0-9]{1,12})?)$/.exec(text);
  if (parts === null) throw new RangeError('a feed is NAME,DECIMALS,START like BTC-USD,1,60000');
  return { name: parts[1] as string, priceDecimals: Number(parts[2]), startUsd: Number(parts[3]) };
}
