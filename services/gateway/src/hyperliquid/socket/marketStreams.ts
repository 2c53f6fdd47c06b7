import { deflateRawSync } from 'node:zlib';
import type { Book, MarketDoc, Publication, ReadModel } from '@keel/redis';
import type { Address, MarketId } from '@keel/types';
import type { LiveFeed } from '../../feed/liveFeed.ts';
import { formatPrice } from '../../format/formatMarket.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { ZERO_ADDRESS } from '../format/parts.ts';
import { type AssetCtx, NO_DAY, writeAssetCtx, writeMid } from '../format/writeAssetCtx.ts';
import { type Grouping, LEVELS_SHOWN, writeLevels } from '../format/writeLevels.ts';
import { type TradeOnTape, writeTrade } from '../format/writeTrade.ts';
import type { MarketFigures } from '../info/marketFigures.ts';
import { type ClientInterval, candleBounds, readCandles } from '../info/readCandles.ts';
import type { HappeningStreamParts } from './happeningStream.ts';
import { BOOK_MS, CANDLE_MS, CONTEXT_MS, TRADES_SHOWN } from './limits.ts';
import type { ReadStreamParts } from './readStream.ts';
import type { StateStreamParts } from './stateStream.ts';

type Reading = Omit<ReadStreamParts, 'failed'>;

/** What the channels of markets are made of. */
export interface MarketSources {
  readonly feed: LiveFeed;
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly figures: MarketFigures;
}

const movesBook =
  (marketId: MarketId) =>
  ({ levels }: Publication): boolean =>
    levels.some((level) => level.marketId === marketId);

const EMPTY_BOOK: Book = { bids: [], asks: [] };

/** Best first, as of the last flush; at most `depth` levels of a side. */
function bookOf(feed: LiveFeed, marketId: MarketId, depth?: number): Book {
  const book = feed.bookOf(marketId);
  return book === undefined ? EMPTY_BOOK : { bids: book.levelsOf('buy', depth), asks: book.levelsOf('sell', depth) };
}

export function l2Book({ feed, markets }: MarketSources, marketId: MarketId, grouping: Grouping): StateStreamParts {
  return {
    channel: 'l2Book',
    everyMs: BOOK_MS,
    touches: movesBook(marketId),
    render: () => {
      const spec = markets.spec(marketId);
      const depth = grouping.nSigFigs === undefined ? LEVELS_SHOWN : undefined;
      const levels = writeLevels(spec, bookOf(feed, marketId, depth), grouping);
      return { data: { coin: spec.baseAsset, time: feed.timeMs, levels }, sequence: feed.sequence, compared: levels };
    },
  };
}

/** Every change of the best bid or ask, with each flush. */
export function bbo({ feed, markets }: MarketSources, marketId: MarketId): StateStreamParts {
  return {
    channel: 'bbo',
    everyMs: 0,
    touches: movesBook(marketId),
    render: () => {
      const spec = markets.spec(marketId);
      const [[bid = null], [ask = null]] = writeLevels(spec, bookOf(feed, marketId, 1));
      const best = [bid, ask];
      return {
        data: { coin: spec.baseAsset, time: feed.timeMs, bbo: best },
        sequence: feed.sequence,
        compared: best,
      };
    },
  };
}

const movesPrices = ({ levels, markets }: Publication): boolean => levels.length + markets.length > 0;

/** Mark stands in while a side of the book is empty; a market without either is left out. */
export function allMids({ feed, markets }: MarketSources): StateStreamParts {
  return {
    channel: 'allMids',
    everyMs: CONTEXT_MS,
    touches: movesPrices,
    render: () => {
      const mids = markets.all().flatMap(({ spec, markTicks }) => {
        const mid = writeMid(spec, bookOf(feed, spec.marketId, 1));
        if (mid === null && markTicks === 0) return [];
        return [[spec.baseAsset, mid ?? formatPrice(markTicks, spec)] as const];
      });
      return { data: { mids: Object.fromEntries(mids) }, sequence: feed.sequence };
    },
  };
}

/** Figures of the day are those of a while ago, everything else is of the last flush. */
async function readContexts({ feed, figures }: MarketSources, docs: () => readonly MarketDoc[]) {
  const days = await figures.days();
  const contexts = docs().map((market) =>
    writeAssetCtx(market, bookOf(feed, market.spec.marketId), days.get(market.spec.marketId) ?? NO_DAY),
  );
  return { contexts, sequence: feed.sequence };
}

export function activeAssetCtx(sources: MarketSources, marketId: MarketId): Reading {
  return {
    channel: 'activeAssetCtx',
    everyMs: CONTEXT_MS,
    moves: () => false,
    touches: (publication) =>
      movesBook(marketId)(publication) || publication.markets.some(({ spec }) => spec.marketId === marketId),
    read: async () => {
      const {
        contexts: [ctx],
        sequence,
      } = await readContexts(sources, () => [sources.markets.byId(marketId)]);
      return [{ data: { coin: sources.markets.spec(marketId).baseAsset, ctx }, sequence }];
    },
  };
}

/** Contexts of all markets, in the order of their asset numbers, as `write` puts them. */
export function contexts(
  sources: MarketSources,
  channel: string,
  write: (contexts: readonly AssetCtx[], coins: readonly string[]) => unknown,
): Reading {
  return {
    channel,
    everyMs: CONTEXT_MS,
    moves: () => false,
    touches: movesPrices,
    read: async () => {
      const all = sources.markets.all();
      const read = await readContexts(sources, () => all);
      const coins = all.map(({ spec }) => spec.baseAsset);
      return [{ data: write(read.contexts, coins), sequence: read.sequence }];
    },
  };
}

/** Says one thing, once. */
export function constant(channel: string, data: unknown): StateStreamParts {
  return { channel, everyMs: 0, touches: () => false, render: () => ({ data, sequence: 0 }) };
}

/** The newest candle, and how the one before it ended; where there was no trade of late, the newest there is. */
export function candle(
  { feed, markets, readModel }: MarketSources,
  marketId: MarketId,
  interval: ClientInterval,
): Reading {
  return {
    channel: 'candle',
    everyMs: CANDLE_MS,
    moves: () => false,
    touches: ({ candles }) => candles.some((changed) => changed.marketId === marketId),
    read: async () => {
      const { sequence, timeMs } = feed;
      const spec = markets.spec(marketId);
      const before = candleBounds(interval, timeMs)[0] - 1;
      const recent = await readCandles(readModel, spec, interval, before, Number.MAX_SAFE_INTEGER);
      const newest =
        recent.length > 0 ? recent : await readCandles(readModel, spec, interval, 0, Number.MAX_SAFE_INTEGER);
      return newest.slice(-2).map((data) => ({ data, sequence }));
    },
  };
}

/** Mark and mid of each coin: JSON, compressed (RFC 1951), in base64, as its clients expect it. */
export function writeFastContexts(contexts: readonly AssetCtx[], coins: readonly string[]): string {
  const entries = contexts.map(({ markPx, midPx }, at) => [coins[at], { markPx, midPx }]);
  return deflateRawSync(JSON.stringify(Object.fromEntries(entries))).toString('base64');
}

export function trades(
  { feed, markets, readModel }: MarketSources,
  marketId: MarketId,
): Omit<HappeningStreamParts, 'failed'> {
  return {
    channel: 'trades',
    read: async () => {
      const { head, trades: newestFirst } = await readModel.trades(marketId, TRADES_SHOWN);
      const happenings = newestFirst
        .toReversed()
        .map((trade) => ({ sequence: trade.sequence, data: writeTrade(trade, markets.spec(marketId)) }));
      return { sequence: head.sequence, happenings };
    },
    pick: (publication) => {
      const fresh = publication.trades.filter((trade) => trade.marketId === marketId);
      if (fresh.length === 0) return [];
      const sides = sidesOf(publication, feed);
      const spec = markets.spec(marketId);
      return fresh.map((trade) => ({
        sequence: trade.sequence,
        data: writeTrade(trade, spec, sides.get(trade.tradeId)),
      }));
    },
    frames: (happenings, isSnapshot) => {
      const shown = isSnapshot ? happenings.slice(-TRADES_SHOWN) : happenings;
      return shown.length === 0 ? [] : [shown.map(({ data }) => data)];
    },
    mayStartAnew: true,
  };
}

/** Whose trades these were, as far as the fills of the same flush say. */
function sidesOf({ fills }: Publication, feed: LiveFeed): Map<number, TradeOnTape['users']> {
  const sides = new Map<number, TradeOnTape['users']>();
  for (const { tradeId, accountId, side } of fills) {
    const [buyer, seller] = sides.get(tradeId) ?? [ZERO_ADDRESS, ZERO_ADDRESS];
    const owner: Address = feed.nameOf(accountId)?.owner ?? ZERO_ADDRESS;
    sides.set(tradeId, side === 'buy' ? [owner, seller] : [buyer, owner]);
  }
  return sides;
}
