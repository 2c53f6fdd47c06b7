import type { MappedPrice } from './priceMapping.ts';
import type { Feed, Observation, SourceProgress } from './priceSource.ts';

/** The last price that a live source gave for each of its symbols, and what went wrong since. */
export interface LatestPrices {
  /** Our feed names by the source's symbols; several may follow one. */
  readonly symbols: ReadonlyMap<string, string>;
  note(symbol: string, mapped: MappedPrice | { readonly fault: string }): void;
  /** The whole source gave nothing. */
  noteFault(fault: string): void;
  observation(feed: Feed): Observation | undefined;
  progress(kind: 'http' | 'ws', name: string, feed: Feed, nowMs: number): SourceProgress | undefined;
}

/** `symbols`: by feed name what the source calls it. */
export function createLatestPrices(symbols: ReadonlyMap<string, string>): LatestPrices {
  const prices = new Map<string, MappedPrice>();
  const faults = new Map<string, string>();
  return {
    symbols,
    note(symbol, mapped) {
      if ('fault' in mapped) {
        faults.set(symbol, mapped.fault);
        return;
      }
      faults.delete(symbol);
      // An answer that was overtaken by a newer one does not turn the price back.
      if (mapped.timeMs >= (prices.get(symbol)?.timeMs ?? 0)) prices.set(symbol, mapped);
    },
    noteFault(fault) {
      for (const symbol of symbols.values()) faults.set(symbol, fault);
    },
    observation(feed) {
      const known = prices.get(symbols.get(feed.name) ?? '');
      if (known === undefined) return undefined;
      return { pricesUsd: [known.priceUsd], perpUsd: known.perpUsd, timeMs: known.timeMs };
    },
    progress(kind, name, feed, nowMs) {
      const symbol = symbols.get(feed.name);
      if (symbol === undefined) return undefined;
      const seenMs = prices.get(symbol)?.timeMs;
      return {
        source: kind,
        name,
        ageMs: seenMs === undefined ? null : nowMs - seenMs,
        fault: faults.get(symbol) ?? null,
      };
    },
  };
}
