import type { KeelClient, LocalBook, Subscription } from '@keel/client';
import type { Quote } from './decideAuction.ts';
import { type MarketView, unitsOf } from './marketView.ts';

/** Levels that are looked at; far more than any take goes through. */
const LEVELS = 200;

/** The books of all markets, as the exchange streams them. */
export interface Books {
  /** Follows these from now on. */
  follow(symbols: Iterable<string>): void;
  /** Best first; empty while the book is not known. */
  quotes(market: MarketView, side: 'bids' | 'asks'): readonly Quote[];
  close(): void;
}

export function createBooks(client: KeelClient): Books {
  const books = new Map<string, LocalBook>();
  const subscriptions = new Map<string, Subscription>();
  return {
    follow: (symbols) => {
      for (const symbol of symbols) {
        if (subscriptions.has(symbol)) continue;
        const onBook = (book: LocalBook): void => {
          books.set(symbol, book);
        };
        subscriptions.set(symbol, client.followBook(symbol, onBook));
      }
    },
    quotes: ({ symbol, priceDecimals, sizeDecimals }, side) =>
      (books.get(symbol)?.[side](LEVELS) ?? []).map(([price, size]) => [
        unitsOf(price, priceDecimals),
        unitsOf(size, sizeDecimals),
      ]),
    close: () => {
      for (const subscription of subscriptions.values()) subscription.close();
    },
  };
}
