import type { At, Book, BookOrderDoc, CandleDoc, CandleInterval, Publication, ReadHead, ReadModel } from '@keel/redis';
import type { MarketSpec } from '@keel/types';
import { formatCandle, formatTrade } from '../format/formatExchange.ts';
import { formatMarket } from '../format/formatMarket.ts';
import { formatBookOrder, formatTicker } from '../format/formatMarketData.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { TradeAnswer } from '../wire/answers.ts';
import { CANDLE_CHANNEL_INTERVALS } from '../wire/channels.ts';
import { BookFeed } from './bookFeed.ts';
import { DemandFeed, type DemandFormat } from './demandFeed.ts';
import { NewestFeed } from './newestFeed.ts';
import { TickerFeed } from './tickerFeed.ts';

/** Entries in the snapshot of a list channel. */
export const TRADES_KEPT = 100;
const CANDLES_SHOWN = 500;

export interface MarketFeedParts {
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  /** Where the live feed is. */
  readonly position: () => { readonly seq: number; readonly timeMs: number };
}

/** The channels of one market. */
export class MarketFeeds {
  readonly book: BookFeed;
  readonly trades: NewestFeed<TradeAnswer>;
  readonly ticker: TickerFeed;
  readonly orders: DemandFeed<BookOrderDoc>;
  readonly #candles: ReadonlyMap<CandleInterval, DemandFeed<CandleDoc>>;
  readonly #spec: MarketSpec;

  constructor(spec: MarketSpec, { readModel, markets, position }: MarketFeedParts) {
    const { marketId, symbol } = spec;
    this.#spec = spec;
    this.book = new BookFeed(spec);
    this.trades = new NewestFeed<TradeAnswer>({ channel: 'trades', market: symbol }, 'trades', TRADES_KEPT);
    this.ticker = new TickerFeed({ channel: 'ticker', market: symbol }, () => {
      const { seq, timeMs } = position();
      return { seq, timeMs, data: formatTicker(formatMarket(markets.byId(marketId), timeMs), this.book.bbo()) };
    });
    this.orders = new DemandFeed({ channel: 'bookOrders', market: symbol }, orderFormat(spec), async () => {
      const { head, orders } = await readModel.bookOrders(marketId);
      return { head, docs: orders };
    });
    this.#candles = new Map(
      CANDLE_CHANNEL_INTERVALS.map((interval) => {
        const feed = new DemandFeed({ channel: 'candles', market: symbol, interval }, candleFormat(spec), async () => {
          const { head, candles } = await readModel.candles(marketId, interval, CANDLES_SHOWN);
          return { head, docs: candles };
        });
        return [interval, feed] as const;
      }),
    );
  }

  candles(interval: CandleInterval): DemandFeed<CandleDoc> {
    return this.#candles.get(interval) as DemandFeed<CandleDoc>;
  }

  load(book: At<Book>, tradesHead: ReadHead, trades: readonly TradeAnswer[]): void {
    this.book.load(book);
    this.trades.load(tradesHead, trades);
  }

  apply({ head, levels, trades, candles, bookOrders }: Publication): void {
    const { marketId } = this.#spec;
    const own = <Doc extends { readonly marketId: number }>(docs: readonly Doc[]) =>
      docs.filter((doc) => doc.marketId === marketId);
    this.book.apply(own(levels), head);
    this.trades.apply(
      own(trades).map((trade) => formatTrade(trade, this.#spec)),
      head,
    );
    this.orders.apply(own(bookOrders), head);
    const changed = own(candles);
    for (const [interval, feed] of this.#candles)
      feed.apply(
        changed.filter((candle) => candle.interval === interval),
        head,
      );
  }

  /** Everybody starts anew. */
  publishSnapshots(): void {
    this.book.publishSnapshots();
    this.trades.topic.publishSnapshot();
    this.ticker.topic.publishSnapshot();
    this.orders.resync();
    for (const feed of this.#candles.values()) feed.resync();
  }
}

function orderFormat(spec: MarketSpec): DemandFormat<BookOrderDoc> {
  return {
    keyOf: ({ orderId }) => orderId,
    isGone: ({ sizeLots }) => sizeLots === 0,
    select: (orders) => [...orders].sort(byQueue),
    data: (orders) => ({ orders: orders.map((order) => formatBookOrder(order, spec)) }),
  };
}

/** Bids, then asks, best price first, in the order of the queue. */
function byQueue(left: BookOrderDoc, right: BookOrderDoc): number {
  if (left.side !== right.side) return left.side === 'buy' ? -1 : 1;
  const better = left.side === 'buy' ? right.priceTicks - left.priceTicks : left.priceTicks - right.priceTicks;
  return better === 0 ? left.queuePlace - right.queuePlace : better;
}

function candleFormat(spec: MarketSpec): DemandFormat<CandleDoc> {
  return {
    keyOf: ({ openTimeMs }) => openTimeMs,
    isGone: () => false,
    select: (candles) => [...candles],
    data: (candles) => ({ candles: candles.map((candle) => formatCandle(candle, spec)) }),
    heldMax: CANDLES_SHOWN,
  };
}
