import type { Feed, Observation, PriceSource, SourceProgress, Turn } from '../sources/priceSource.ts';

/** The sources of one feeder, by whose word goes before whose: the first kind that covers a feed decides it alone. */
export interface FeederSources {
  readonly recordings: readonly PriceSource[];
  readonly live: readonly PriceSource[];
  readonly simulation: PriceSource | undefined;
  /** A live observation older than this does not count, */
  readonly staleMs: number;
  /** and with fewer than this there is none. */
  readonly minimumSources: number;
}

export interface Seen {
  readonly observation: Observation | { readonly fault: string };
  readonly progress: readonly SourceProgress[];
}

/**
 * What this feeder sees of a feed: the recording that moves it, else the median of its fresh live sources (the middle of
 * two middle ones), as old as the oldest that counted, else the simulation.
 */
export function observeFeed(sources: FeederSources, feed: Feed, turn: Turn): Seen {
  const alone = [...sources.recordings, ...(sources.live.length > 0 ? [] : [sources.simulation])];
  for (const source of alone) {
    const observation = source?.observe(feed, turn);
    const progress = source?.progress(feed, turn);
    if (observation !== undefined && progress !== undefined) return { observation, progress: [progress] };
  }
  const progress = sources.live.map((source) => source.progress(feed, turn)).filter((each) => each !== undefined);
  return { observation: medianOfLive(sources, feed, turn, progress.length), progress };
}

function medianOfLive(
  { live, staleMs, minimumSources }: FeederSources,
  feed: Feed,
  turn: Turn,
  covering: number,
): Seen['observation'] {
  if (covering === 0) return { fault: `no source covers ${feed.name}` };
  const fresh = live
    .map((source) => source.observe(feed, turn))
    .filter((each) => each !== undefined)
    .filter(({ timeMs }) => turn.nowMs - timeMs <= staleMs);
  if (fresh.length < minimumSources)
    return { fault: `${fresh.length} of ${covering} sources are fresh, ${minimumSources} are needed` };
  const perps = fresh.map(({ perpUsd }) => perpUsd).filter((perpUsd) => perpUsd > 0);
  return {
    pricesUsd: [median(fresh.map(({ pricesUsd }) => pricesUsd.at(-1) as number))],
    perpUsd: perps.length < minimumSources ? 0 : median(perps),
    timeMs: Math.min(...fresh.map(({ timeMs }) => timeMs)),
  };
}

function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const lower = ascending[Math.floor((ascending.length - 1) / 2)] as number;
  const upper = ascending[Math.floor(ascending.length / 2)] as number;
  return lower + (upper - lower) / 2;
}
