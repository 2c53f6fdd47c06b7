import type { MarketDoc } from '@keel/redis';
import { assert, type MarketId, type MarketSpec } from '@keel/types';
import { ApiError } from './errors.ts';

/** Every listed market as last published. A market is never unlisted and its spec never changes. */
export class MarketDirectory {
  readonly #byId = new Map<MarketId, MarketDoc>();
  readonly #bySymbol = new Map<string, MarketId>();

  /** In order of market id. */
  all(): MarketDoc[] {
    return [...this.#byId.values()];
  }

  put(market: MarketDoc): void {
    this.#byId.set(market.spec.marketId, market);
    this.#bySymbol.set(market.spec.symbol, market.spec.marketId);
  }

  /**
   * `path` is the JSON pointer of the field that names it. Throws MARKET_UNKNOWN, or READ_MODEL_UNAVAILABLE as long as no
   * market was read at all.
   */
  bySymbol(symbol: string, path: string): MarketDoc {
    const marketId = this.#bySymbol.get(symbol);
    if (marketId !== undefined) return this.byId(marketId);
    if (this.#byId.size === 0) throw new ApiError('READ_MODEL_UNAVAILABLE');
    throw new ApiError('MARKET_UNKNOWN', { path, market: symbol.slice(0, 32) });
  }

  /** Undefined of an id that no market has. Throws READ_MODEL_UNAVAILABLE as long as no market was read at all. */
  find(marketId: MarketId): MarketDoc | undefined {
    if (this.#byId.size === 0) throw new ApiError('READ_MODEL_UNAVAILABLE');
    return this.#byId.get(marketId);
  }

  byId(marketId: MarketId): MarketDoc {
    const market = this.#byId.get(marketId);
    assert(market !== undefined, `market ${marketId} was published without its document`);
    return market;
  }

  spec(marketId: MarketId): MarketSpec {
    return this.byId(marketId).spec;
  }
}
