import type { Book, CandleDoc, CollateralDoc, MarketDoc, ReadModel } from '@keel/redis';
import type { MarketId, TimeMs } from '@keel/types';
import { type AssetCtx, type DayFigures, NO_DAY, writeAssetCtx } from '../format/writeAssetCtx.ts';

/** Everybody who asks within this time gets the same answer: tickers are asked for by every bot all the time. */
const FIGURES_MS = 250;
/** Volumes of a day change slowly and cost most to read. */
const DAY_FIGURES_MS = 10_000;
/** Levels in which the impact notional is looked for; what lies deeper does not count. */
const IMPACT_LEVELS = 50;
const DAY_MS = 86_400_000;
const DAY_CANDLE = '5m';
/** A day of them, the one that has begun, and one before for the price of 24 hours ago. */
const DAY_CANDLES = 290;
const EMPTY: Book = { bids: [], asks: [] };

export interface Figures {
  readonly timeMs: TimeMs;
  readonly markets: readonly MarketDoc[];
  readonly collaterals: readonly CollateralDoc[];
  /** In the order of the markets. */
  readonly assetCtxs: readonly AssetCtx[];
}

/** Prices and volumes of all markets, read at most so often however many ask. */
export class MarketFigures {
  readonly #readModel: ReadModel;
  readonly #figures: () => Promise<Figures>;
  readonly #days: () => Promise<ReadonlyMap<MarketId, DayFigures>>;

  constructor(readModel: ReadModel, now: () => number = () => performance.now()) {
    this.#readModel = readModel;
    this.#days = shared(DAY_FIGURES_MS, now, () => this.#readDays());
    this.#figures = shared(FIGURES_MS, now, () => this.#read());
  }

  /** Rejects with ReadModelUnavailable. */
  read(): Promise<Figures> {
    return this.#figures();
  }

  /** Of each market what was traded in the last 24 hours, as of a while ago. Rejects with ReadModelUnavailable. */
  days(): Promise<ReadonlyMap<MarketId, DayFigures>> {
    return this.#days();
  }

  async #read(): Promise<Figures> {
    const [{ head, markets, collaterals }, days] = await Promise.all([this.#readModel.markets(), this.#days()]);
    const books = await Promise.all(markets.map(({ spec }) => this.#readModel.book(spec.marketId, IMPACT_LEVELS)));
    return {
      timeMs: head.timeMs,
      markets,
      collaterals,
      assetCtxs: markets.map((market, at) =>
        writeAssetCtx(market, books[at] ?? EMPTY, days.get(market.spec.marketId) ?? NO_DAY),
      ),
    };
  }

  async #readDays(): Promise<ReadonlyMap<MarketId, DayFigures>> {
    const { markets } = await this.#readModel.markets();
    const days = await Promise.all(
      markets.map(async (market) => [market.spec.marketId, await this.#readDay(market)] as const),
    );
    return new Map(days);
  }

  async #readDay({ spec }: MarketDoc): Promise<DayFigures> {
    const { head, candles } = await this.#readModel.candles(spec.marketId, DAY_CANDLE, DAY_CANDLES);
    return dayFigures(candles, head.timeMs);
  }
}

/** Sums over the candles, oldest first, that began within 24 hours before `timeMs`. */
export function dayFigures(candles: readonly CandleDoc[], timeMs: TimeMs): DayFigures {
  const began = candles.findIndex(({ openTimeMs }) => openTimeMs > timeMs - DAY_MS);
  const day = began === -1 ? [] : candles.slice(began);
  let volumeLots = 0n;
  let volumeAtoms = 0n;
  for (const candle of day) {
    volumeLots += BigInt(candle.volumeLots);
    volumeAtoms += BigInt(candle.volumeAtoms);
  }
  const before = began === -1 ? candles.at(-1) : candles[began - 1];
  return { previousTicks: before?.closeTicks ?? day[0]?.openTicks ?? 0, volumeLots, volumeAtoms };
}

/** Calls `read` at most once in `forMs`; callers meanwhile share its answer. A failure is shared by those who wait, and no longer. */
function shared<Value>(forMs: number, now: () => number, read: () => Promise<Value>): () => Promise<Value> {
  let held: Promise<Value> | undefined;
  let until = 0;
  return () => {
    if (held !== undefined && now() < until) return held;
    const reading = read();
    held = reading;
    until = now() + forMs;
    reading.catch(() => {
      if (held === reading) held = undefined;
    });
    return reading;
  };
}
