import {
  accountsOfLiquidation,
  CERTIFICATES_PER_ANSWER_MAX,
  type CertificateFilter,
  LIQUIDATIONS_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  type ReadModel,
  SETTLEMENT_LIMIT_MAX,
  TRADES_PER_MARKET_MAX,
} from '@keel/redis';
import type { Address } from '@keel/types';
import { ApiError } from '../errors.ts';
import { formatAuction } from '../format/formatAuction.ts';
import { formatCertificate } from '../format/formatCertificate.ts';
import {
  formatBatch,
  formatCandle,
  formatLevel,
  formatLiquidation,
  formatStatus,
  formatTrade,
  type Network,
} from '../format/formatExchange.ts';
import { formatMarket } from '../format/formatMarket.ts';
import { formatCollateral, formatPriceReports } from '../format/formatPriceReports.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import {
  batchesAnswer,
  bookAnswer,
  candlesAnswer,
  marketsAnswer,
  statusAnswer,
  tradesAnswer,
} from '../wire/answers.ts';
import { certificateAnswer, certificatesAnswer } from '../wire/certificates.ts';
import {
  bookQuery,
  candlesQuery,
  certificateParams,
  certificatesQuery,
  feedParams,
  limitQuery,
  liquidationsQuery,
  marketParams,
  pageQuery,
} from '../wire/requests.ts';
import { auctionsAnswer, collateralsAnswer, liquidationsAnswer, priceAnswer } from '../wire/riskAnswers.ts';
import { answers, at, type GatewayApp } from './gatewayApp.ts';
import { readPage } from './readPage.ts';

/** Auctions in one answer, and in a snapshot of their channel. */
export const AUCTIONS_PER_ANSWER_MAX = 1_000;
const COLLATERAL_FEED = 'collateral:';

export interface PublicFacts {
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly network: Network;
}

/** What everybody may read. Each answer is of one sequence, also sent as X-Seq. */
export function publicRoutes(app: GatewayApp, { readModel, markets, network }: PublicFacts): void {
  app.get('/v1/status', schemaOf('The exchange at a glance', statusAnswer), async (_request, reply) => {
    const [read, batches] = await Promise.all([readModel.markets(), readModel.batches(1)]);
    return at(reply, formatStatus(read.head, read.exchange, read.markets, batches[0], network));
  });

  app.get('/v1/markets', schemaOf('Every market', marketsAnswer), async (_request, reply) => {
    const read = await readModel.markets();
    const { sequence, timeMs } = read.head;
    return at(reply, { sequence, markets: read.markets.map((market) => formatMarket(market, timeMs)) });
  });

  app.get('/v1/collaterals', schemaOf('Collateral assets beside USDC', collateralsAnswer), async (_request, reply) => {
    const read = await readModel.markets();
    const { sequence, timeMs } = read.head;
    return at(reply, { sequence, collaterals: read.collaterals.map((asset) => formatCollateral(asset, timeMs)) });
  });

  const priceSchema = { ...schemaOf('The signed reports behind a price', priceAnswer).schema, params: feedParams };
  app.get('/v1/prices/:feed', { schema: priceSchema }, async (request, reply) => {
    const { feed } = request.params;
    const decimals = feedDecimals(feed, await readModel.markets());
    const { head, price, exchange } = await readModel.price(feed);
    const nothing = { feed, priceTicks: 0, priceTimeMs: 0, reports: [] };
    return at(reply, formatPriceReports(head.sequence, price ?? nothing, decimals, exchange));
  });

  const bookSchema = {
    ...schemaOf('Levels of a book', bookAnswer).schema,
    params: marketParams,
    querystring: bookQuery,
  };
  app.get('/v1/markets/:symbol/book', { schema: bookSchema }, async (request, reply) => {
    const { spec } = markets.bySymbol(request.params.symbol, '/symbol');
    const { head, bids, asks } = await readModel.book(spec.marketId, request.query.depth ?? 50);
    return at(reply, {
      sequence: head.sequence,
      market: spec.symbol,
      bids: bids.map(([ticks, lots]) => formatLevel(ticks, lots, spec)),
      asks: asks.map(([ticks, lots]) => formatLevel(ticks, lots, spec)),
    });
  });

  const tradesSchema = {
    ...schemaOf('Latest trades, newest first', tradesAnswer).schema,
    params: marketParams,
    querystring: pageQuery(TRADES_PER_MARKET_MAX),
  };
  app.get('/v1/markets/:symbol/trades', { schema: tradesSchema }, async (request, reply) => {
    const { spec } = markets.bySymbol(request.params.symbol, '/symbol');
    const { read, docs, next } = await readPage(
      request.query,
      (limit, before) => readModel.trades(spec.marketId, limit, before),
      ({ trades }) => trades,
    );
    return at(reply, {
      sequence: read.head.sequence,
      market: spec.symbol,
      trades: docs.map((trade) => formatTrade(trade, spec)),
      next,
    });
  });

  const candlesSchema = {
    ...schemaOf('Candles of trades', candlesAnswer).schema,
    params: marketParams,
    querystring: candlesQuery,
  };
  app.get('/v1/markets/:symbol/candles', { schema: candlesSchema }, async (request, reply) => {
    const { spec } = markets.bySymbol(request.params.symbol, '/symbol');
    const { interval = '1m', limit = 500 } = request.query;
    const { head, candles } = await readModel.candles(spec.marketId, interval, limit);
    return at(reply, {
      sequence: head.sequence,
      market: spec.symbol,
      interval,
      candles: candles.map((candle) => formatCandle(candle, spec)),
    });
  });

  const liquidationsSchema = {
    ...schemaOf('Steps of liquidations, newest first', liquidationsAnswer).schema,
    querystring: liquidationsQuery(LIQUIDATIONS_MAX, LIQUIDATIONS_PER_ACCOUNT_MAX),
  };
  app.get('/v1/liquidations', { schema: liquidationsSchema }, async (request, reply) => {
    const { account, subaccount, limit = 100, before } = request.query;
    if (account === undefined) refuseAlone(subaccount, undefined);
    const asked = account && { address: account.toLowerCase() as Address, subaccount: subaccount ?? 0 };
    const { read, docs, next } = await readPage(
      { limit: asked ? Math.min(limit, LIQUIDATIONS_PER_ACCOUNT_MAX) : limit, before },
      (most, older) =>
        asked ? readModel.accountLiquidations(asked, most, older) : readModel.liquidations(most, older),
      ({ liquidations }) => liquidations,
    );
    const names = await readModel.names([...new Set(docs.flatMap(accountsOfLiquidation))]);
    return at(reply, {
      sequence: read.head.sequence,
      liquidations: docs.map((doc) => formatLiquidation(doc, names, markets)),
      next,
    });
  });

  const auctionsSchema = {
    ...schemaOf('Close-out auctions that run, oldest first', auctionsAnswer).schema,
    querystring: limitQuery(AUCTIONS_PER_ANSWER_MAX),
  };
  app.get('/v1/auctions', { schema: auctionsSchema }, async (request, reply) => {
    const { head, auctions: running } = await readModel.auctions();
    const auctions = running.slice(0, request.query.limit ?? 100);
    const names = await readModel.names(auctions.map(({ accountId }) => accountId));
    return at(reply, {
      sequence: head.sequence,
      auctions: auctions.map((auction) => formatAuction(auction, names, markets)),
    });
  });

  const certificatesSchema = {
    ...schemaOf('Certificates of forced trades, newest first', certificatesAnswer).schema,
    querystring: certificatesQuery(CERTIFICATES_PER_ANSWER_MAX),
  };
  app.get('/v1/certificates', { schema: certificatesSchema }, async (request, reply) => {
    const { limit = 20, ...asked } = request.query;
    const { head, certificates } = await readModel.certificates(limit, certificateFilter(asked));
    return at(reply, {
      sequence: head.sequence,
      certificates: certificates.map((certificate) => formatCertificate(certificate, markets, network)),
    });
  });

  const certificateSchema = {
    ...schemaOf('One certificate, as it is verified', certificateAnswer).schema,
    params: certificateParams,
  };
  app.get('/v1/certificates/:certificateId', { schema: certificateSchema }, async (request, reply) => {
    const { certificateId } = request.params;
    const { head, certificate } = await readModel.certificate(certificateId);
    if (certificate === undefined) throw new ApiError('CERTIFICATE_UNKNOWN', { certificateId });
    reply.header('x-seq', head.sequence);
    return formatCertificate(certificate, markets, network);
  });

  const batchesSchema = {
    ...schemaOf('Batches and their L1 state', batchesAnswer).schema,
    querystring: limitQuery(SETTLEMENT_LIMIT_MAX),
  };
  app.get('/v1/batches', { schema: batchesSchema }, async (request) => {
    const batches = await readModel.batches(request.query.limit ?? 100);
    return { batches: batches.map(formatBatch) };
  });
}

/** Decimals of a feed's prices. Throws MARKET_UNKNOWN or ASSET_UNKNOWN. */
function feedDecimals(
  feed: string,
  listed: Pick<Awaited<ReturnType<ReadModel['markets']>>, 'markets' | 'collaterals'>,
) {
  if (!feed.startsWith(COLLATERAL_FEED)) {
    const market = listed.markets.find(({ spec }) => spec.symbol === feed);
    if (market === undefined) throw new ApiError('MARKET_UNKNOWN', { path: '/feed', market: feed.slice(0, 32) });
    return market.spec.priceDecimals;
  }
  const symbol = feed.slice(COLLATERAL_FEED.length);
  const asset = listed.collaterals.find(({ spec }) => spec.symbol === symbol);
  if (asset === undefined) throw new ApiError('ASSET_UNKNOWN', { path: '/feed', asset: symbol.slice(0, 32) });
  return asset.spec.priceDecimals;
}

interface CertificatesAsked {
  readonly account?: string;
  readonly subaccount?: number;
  readonly liquidation?: number;
}

/** Throws BAD_REQUEST for fields that do not stand together. */
function certificateFilter({ account, subaccount, liquidation }: CertificatesAsked): CertificateFilter | undefined {
  if (account === undefined) {
    refuseAlone(subaccount, undefined);
    return liquidation === undefined ? undefined : { liquidationId: liquidation };
  }
  if (liquidation !== undefined)
    throw new ApiError('BAD_REQUEST', { path: '/liquidation', fault: 'does not stand beside account' });
  return { account: { address: account.toLowerCase() as Address, subaccount: subaccount ?? 0 } };
}

/** A number of a sub-account without its owner names nothing; `otherwise` passes through. */
function refuseAlone<Value>(subaccount: number | undefined, otherwise: Value): Value {
  if (subaccount === undefined) return otherwise;
  throw new ApiError('BAD_REQUEST', { path: '/subaccount', fault: 'stands beside account only' });
}

function schemaOf<Answer>(summary: string, answer: Answer) {
  return { schema: { summary, tags: ['public'], response: answers(answer) } };
}
