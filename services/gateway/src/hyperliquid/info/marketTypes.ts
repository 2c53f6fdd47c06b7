import { type Book, FUNDING_RATES_PER_MARKET_MAX, type ReadModel, ReadModelUnavailable } from '@keel/redis';
import type { MarketId, MarketSpec } from '@keel/types';
import { Type } from 'typebox';
import type { LiveFeed } from '../../feed/liveFeed.ts';
import { formatPrice } from '../../format/formatMarket.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { writeFundingRate } from '../format/writeFunding.ts';
import { writeLevels } from '../format/writeLevels.ts';
import { specOfMarginTable, writeMarginTable, writeMeta } from '../format/writeMeta.ts';
import { writeSpotMeta } from '../format/writeSpotState.ts';
import { writeTrade } from '../format/writeTrade.ts';
import { coinsAtCap } from '../format/writeWebData.ts';
import { InfoRefused } from './infoRefused.ts';
import { coin, dex, endTime, type InfoType, infoType, isMainDex, startTime } from './infoType.ts';
import type { Figures, MarketFigures } from './marketFigures.ts';
import { CLIENT_INTERVALS, readCandles } from './readCandles.ts';

/** Trades of the tape in one answer. */
const TRADES_SHOWN = 100;
/** Hours of funding in one answer, the oldest of those asked for. */
const FUNDING_RATES_SHOWN = 500;
const NOTHING_ASKED = Type.Object({});
const OF_DEX = Type.Object({ dex });

export interface MarketTypeParts {
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly figures: MarketFigures;
  /** Books are asked for most of all, and whole when they are grouped: Redis is spared. */
  readonly feed: Pick<LiveFeed, 'live' | 'timeMs' | 'bookOf'>;
}

/** The market of a coin; undefined if there is none. */
export function specOfCoin(markets: MarketDirectory, name: string): MarketSpec | undefined {
  return markets.all().find(({ spec }) => spec.baseAsset === name)?.spec;
}

function known(markets: MarketDirectory, name: string): MarketSpec {
  const spec = specOfCoin(markets, name);
  if (spec === undefined) throw new InfoRefused(`no market has the coin ${name}`);
  return spec;
}

/** Every level, best first. Throws ReadModelUnavailable while the feed has lost the thread. */
function liveBook(feed: MarketTypeParts['feed'], marketId: MarketId): Book {
  const book = feed.live ? feed.bookOf(marketId) : undefined;
  if (book === undefined) throw new ReadModelUnavailable('the books are being read');
  return { bids: book.levelsOf('buy'), asks: book.levelsOf('sell') };
}

/** What everybody may ask about the exchange and its markets. */
export function marketTypes({ readModel, markets, figures, feed }: MarketTypeParts): InfoType[] {
  const perpMeta = ({ markets: docs }: Figures) => writeMeta(docs.map(({ spec }) => spec));
  /** Nobody shall take the markets of here for those of another exchange. */
  const ofDex = async (name: string | null | undefined): Promise<Figures> => {
    if (!isMainDex(name)) throw new InfoRefused(`there is no exchange of builders called ${name}`);
    return await figures.read();
  };
  return [
    infoType('meta', OF_DEX, async (asked) => perpMeta(await ofDex(asked.dex))),
    infoType('metaAndAssetCtxs', OF_DEX, async (asked) => {
      const read = await ofDex(asked.dex);
      return [perpMeta(read), read.assetCtxs];
    }),
    infoType('allPerpMetas', NOTHING_ASKED, async () => [perpMeta(await figures.read())]),
    infoType('perpDexs', NOTHING_ASKED, async () => [null]),
    infoType('marginTable', Type.Object({ id: Type.Integer(), dex }), async ({ id, dex: name }) => {
      const { markets: docs } = await ofDex(name);
      const spec = specOfMarginTable(
        docs.map((market) => market.spec),
        id,
      );
      if (spec === undefined) throw new InfoRefused(`there is no margin table ${id}`);
      return writeMarginTable(spec);
    }),
    infoType('perpsAtOpenInterestCap', OF_DEX, async (asked) => coinsAtCap(await ofDex(asked.dex))),
    infoType('spotMeta', NOTHING_ASKED, async () => writeSpotMeta((await figures.read()).collaterals)),
    infoType('spotMetaAndAssetCtxs', NOTHING_ASKED, async () => [
      writeSpotMeta((await figures.read()).collaterals),
      [],
    ]),
    infoType('outcomeMeta', NOTHING_ASKED, async () => ({ outcomes: [], questions: [] })),
    infoType('exchangeStatus', NOTHING_ASKED, async () => {
      const { timeMs } = await readModel.head();
      return { time: timeMs, specialStatuses: null };
    }),
    infoType('allMids', OF_DEX, async (asked) => allMids(await ofDex(asked.dex))),
    infoType('l2Book', L2_BOOK, async ({ coin: name, nSigFigs, mantissa }) => {
      const spec = specOfCoin(markets, name);
      if (spec === undefined) return null;
      if (mantissa != null && nSigFigs !== 5) throw new InfoRefused('mantissa stands beside nSigFigs 5');
      const grouping = { nSigFigs: nSigFigs ?? undefined, mantissa: mantissa ?? undefined };
      return { coin: name, time: feed.timeMs, levels: writeLevels(spec, liveBook(feed, spec.marketId), grouping) };
    }),
    infoType('recentTrades', Type.Object({ coin }), async ({ coin: name }) => {
      const spec = known(markets, name);
      const { trades } = await readModel.trades(spec.marketId, TRADES_SHOWN);
      return trades.map((trade) => writeTrade(trade, spec));
    }),
    infoType('candleSnapshot', CANDLE_SNAPSHOT, async ({ req }) => {
      const endMs = req.endTime ?? Number.MAX_SAFE_INTEGER;
      return await readCandles(readModel, known(markets, req.coin), req.interval, req.startTime, endMs);
    }),
    infoType('fundingHistory', FUNDING_HISTORY, async (asked) => {
      const spec = known(markets, asked.coin);
      const { fundingRates } = await readModel.fundingRates(spec.marketId, FUNDING_RATES_PER_MARKET_MAX);
      const endMs = asked.endTime ?? Number.MAX_SAFE_INTEGER;
      return fundingRates
        .filter(({ timeMs }) => timeMs >= asked.startTime && timeMs <= endMs)
        .reverse()
        .slice(0, FUNDING_RATES_SHOWN)
        .map((rate) => writeFundingRate(rate, spec));
    }),
  ];
}

const L2_BOOK = Type.Object({
  coin,
  nSigFigs: Type.Optional(Type.Union([Type.Enum([2, 3, 4, 5]), Type.Null()])),
  mantissa: Type.Optional(Type.Union([Type.Enum([2, 5]), Type.Null()])),
});

const CANDLE_SNAPSHOT = Type.Object({
  req: Type.Object({ coin, interval: Type.Enum(CLIENT_INTERVALS), startTime, endTime }),
});

const FUNDING_HISTORY = Type.Object({ coin, startTime, endTime });

/** Mark stands in while a side of the book is empty; a market without either is left out. */
function allMids({ markets, assetCtxs }: Figures): Record<string, string> {
  const mids = markets.flatMap(({ spec, markTicks }, at) => {
    const mid = assetCtxs[at]?.midPx ?? (markTicks === 0 ? undefined : formatPrice(markTicks, spec));
    return mid === undefined ? [] : [[spec.baseAsset, mid] as const];
  });
  return Object.fromEntries(mids);
}
