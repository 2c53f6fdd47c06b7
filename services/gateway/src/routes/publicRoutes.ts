import {
  accountsOfLiquidation,
  LIQUIDATIONS_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  type ReadModel,
  SETTLEMENT_LIMIT_MAX,
  TRADES_PER_MARKET_MAX,
} from '@keel/redis';
import type { Address } from '@keel/types';
import type { FastifyReply } from 'fastify';
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
import type { MarketDirectory } from '../marketDirectory.ts';
import {
  batchesAnswer,
  bookAnswer,
  candlesAnswer,
  liquidationsAnswer,
  marketsAnswer,
  statusAnswer,
  tradesAnswer,
} from '../wire/answers.ts';
import { bookQuery, candlesQuery, limitQuery, liquidationsQuery, marketParams } from '../wire/requests.ts';
import { answers, type GatewayApp } from './gatewayApp.ts';

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
    querystring: limitQuery(TRADES_PER_MARKET_MAX),
  };
  app.get('/v1/markets/:symbol/trades', { schema: tradesSchema }, async (request, reply) => {
    const { spec } = markets.bySymbol(request.params.symbol, '/symbol');
    const { head, trades } = await readModel.trades(spec.marketId, request.query.limit ?? 100);
    return at(reply, {
      sequence: head.sequence,
      market: spec.symbol,
      trades: trades.map((trade) => formatTrade(trade, spec)),
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
    const { account, limit = 100 } = request.query;
    const { head, liquidations } =
      account === undefined
        ? await readModel.liquidations(limit)
        : await readModel.accountLiquidations(
            account.toLowerCase() as Address,
            Math.min(limit, LIQUIDATIONS_PER_ACCOUNT_MAX),
          );
    const owners = await readModel.owners([...new Set(liquidations.flatMap(accountsOfLiquidation))]);
    return at(reply, {
      sequence: head.sequence,
      liquidations: liquidations.map((doc) => formatLiquidation(doc, owners, markets)),
    });
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

function schemaOf<Answer>(summary: string, answer: Answer) {
  return { schema: { summary, tags: ['public'], response: answers(answer) } };
}

/** Says in a header, too, what sequence the answer is at. */
function at<Answer extends { readonly sequence: number }>(reply: FastifyReply, answer: Answer): Answer {
  reply.header('x-seq', answer.sequence);
  return answer;
}
