import type { KeelClient } from '@keel/client';
import { type MarketView, marketView } from './marketView.ts';

/** Older figures than this are no ground to quote on. */
const FRESH_MS = 5_000;

/** The markets as they were last read. */
export interface MarketWatch {
  /** Reads once. Throws KeelError. */
  refresh(): Promise<void>;
  /** Markets with an index price, or none at all when the figures are old. */
  priced(): readonly MarketView[];
  /** Any market, priced or not. */
  find(symbol: string): MarketView | undefined;
  /** How many markets there are; 0 before the first read. */
  listed(): number;
}

export function createMarketWatch(client: KeelClient): MarketWatch {
  let markets: readonly MarketView[] = [];
  let readMs = Number.NEGATIVE_INFINITY;
  return {
    refresh: async () => {
      markets = (await client.markets()).map(marketView);
      readMs = performance.now();
    },
    priced: () => (performance.now() - readMs > FRESH_MS ? [] : markets.filter(({ indexTicks }) => indexTicks > 0)),
    find: (symbol) => markets.find((market) => market.symbol === symbol),
    listed: () => markets.length,
  };
}
