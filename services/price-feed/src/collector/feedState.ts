import { collateralFeed, marketFeed } from '@keel/signing';
import {
  type Address,
  type Command,
  formatDecimal,
  type PriceReport,
  type PriceTicks,
  type SequencerStatus,
  type TimeMs,
} from '@keel/types';
import type { Feed, SourceProgress } from '../sources/priceSource.ts';

/** One price of the exchange, and how its collection goes. */
export interface FeedState {
  readonly feed: Feed;
  readonly maxPriceTicks: PriceTicks;
  readonly commandOf: (reports: readonly PriceReport[]) => Command;
  /** The exchange's own, as far as known; 0 = none. */
  priceTicks: PriceTicks;
  /** Of the last price handed over. */
  publishTimeMs: TimeMs;
  /** Of the last report handed over, by feeder. */
  readonly sequences: Map<Address, number>;
  /** What the last feeder that answered says of its sources. */
  sources: readonly SourceProgress[];
  acceptedMs: TimeMs;
  accepted: number;
  refused: number;
  /** Reports that made the last price. */
  counted: number;
  /** Reports that did not count since the start. */
  dropped: number;
  /** Why the last turn made no price; undefined when it did. */
  fault: string | undefined;
}

/** Every price that the exchange wants. */
export function feedsOf({ markets, collaterals }: SequencerStatus): readonly FeedState[] {
  return [
    ...markets.map(({ marketId, indexTicks, maxPriceTicks, ...market }) =>
      createFeedState(marketFeed(market), indexTicks, maxPriceTicks, (reports) => ({
        kind: 'updateIndexPrice',
        marketId,
        reports,
      })),
    ),
    ...collaterals.map(({ assetId, priceTicks, maxPriceTicks, ...asset }) =>
      createFeedState(collateralFeed(asset), priceTicks, maxPriceTicks, (reports) => ({
        kind: 'updateCollateralPrice',
        assetId,
        reports,
      })),
    ),
  ];
}

function createFeedState(
  { name, priceDecimals }: Pick<Feed, 'name' | 'priceDecimals'>,
  priceTicks: PriceTicks,
  maxPriceTicks: PriceTicks,
  commandOf: FeedState['commandOf'],
): FeedState {
  return {
    feed: { name, priceDecimals, startUsd: Number(formatDecimal(priceTicks, priceDecimals)) },
    maxPriceTicks,
    commandOf,
    priceTicks,
    publishTimeMs: 0,
    sequences: new Map(),
    sources: [],
    acceptedMs: 0,
    accepted: 0,
    refused: 0,
    counted: 0,
    dropped: 0,
    fault: undefined,
  };
}

/** The line of /status. `target` is where a recording stands, which the index may still be on its way to. */
export function present(state: FeedState, nowMs: TimeMs): object {
  const { priceDecimals, name } = state.feed;
  const [source] = state.sources;
  const price = formatDecimal(state.priceTicks, priceDecimals);
  const target = source !== undefined && 'targetUsd' in source ? source.targetUsd : undefined;
  return {
    market: name,
    index: price,
    target: target === undefined ? price : formatDecimal(Math.round(target * 10 ** priceDecimals), priceDecimals),
    ageMs: state.acceptedMs === 0 ? null : nowMs - state.acceptedMs,
    accepted: state.accepted,
    refused: state.refused,
    countedReports: state.counted,
    droppedReports: state.dropped,
    fault: state.fault ?? null,
    ...source,
    sources: state.sources,
  };
}
