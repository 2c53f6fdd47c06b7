import { FUNDING_RATES_PER_MARKET_MAX, type ReadModel } from '@keel/redis';
import { formatLevel } from '../format/formatExchange.ts';
import { formatMarket } from '../format/formatMarket.ts';
import { formatBookOrder, formatFundingRate, formatTicker } from '../format/formatMarketData.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { bboAnswer, bookOrdersAnswer, fundingRatesAnswer, tickerAnswer, timeAnswer } from '../wire/marketAnswers.ts';
import { marketParams, pageQuery } from '../wire/requests.ts';
import { answers, at, type GatewayApp } from './gatewayApp.ts';
import { readPage } from './readPage.ts';

export interface MarketRouteParts {
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
}

/** What the channels of one market say, for whoever asks instead of following. */
export function marketRoutes(app: GatewayApp, { readModel, markets }: MarketRouteParts): void {
  const timeSchema = {
    summary: 'The time by which nonces are judged, but for the way there',
    tags: ['public'],
    response: answers(timeAnswer),
  };
  app.get('/v1/time', { schema: timeSchema }, async () => ({ timeMs: Date.now() }));

  const bboSchema = { ...schemaOf('Best bid and ask'), response: answers(bboAnswer) };
  app.get('/v1/markets/:symbol/bbo', { schema: bboSchema }, async (request, reply) => {
    const { spec } = markets.bySymbol(request.params.symbol, '/symbol');
    const { head, bids, asks } = await readModel.book(spec.marketId, 1);
    return at(reply, { sequence: head.sequence, market: spec.symbol, ...bestOf(bids, asks, spec) });
  });

  const tickerSchema = { ...schemaOf('Prices, funding and open interest'), response: answers(tickerAnswer) };
  app.get('/v1/markets/:symbol/ticker', { schema: tickerSchema }, async (request, reply) => {
    const { spec } = markets.bySymbol(request.params.symbol, '/symbol');
    const { head, bids, asks } = await readModel.book(spec.marketId, 1);
    const market = formatMarket(markets.byId(spec.marketId), head.timeMs);
    return at(reply, { sequence: head.sequence, ...formatTicker(market, bestOf(bids, asks, spec)) });
  });

  const ordersSchema = { ...schemaOf('Every resting order of a book'), response: answers(bookOrdersAnswer) };
  app.get('/v1/markets/:symbol/book-orders', { schema: ordersSchema }, async (request, reply) => {
    const { spec } = markets.bySymbol(request.params.symbol, '/symbol');
    const { head, orders } = await readModel.bookOrders(spec.marketId);
    return at(reply, {
      sequence: head.sequence,
      market: spec.symbol,
      orders: orders.map((order) => formatBookOrder(order, spec)),
    });
  });

  const ratesSchema = {
    ...schemaOf('Funding rates of settled hours, newest first'),
    querystring: pageQuery(FUNDING_RATES_PER_MARKET_MAX),
    response: answers(fundingRatesAnswer),
  };
  app.get('/v1/markets/:symbol/funding-rates', { schema: ratesSchema }, async (request, reply) => {
    const { spec } = markets.bySymbol(request.params.symbol, '/symbol');
    const { read, docs, next } = await readPage(
      request.query,
      (limit, before) => readModel.fundingRates(spec.marketId, limit, before),
      ({ fundingRates }) => fundingRates,
    );
    return at(reply, {
      sequence: read.head.sequence,
      market: spec.symbol,
      fundingRates: docs.map((doc) => formatFundingRate(doc, spec)),
      next,
    });
  });
}

function schemaOf(summary: string) {
  return { summary, tags: ['public'], params: marketParams };
}

type Levels = Awaited<ReturnType<ReadModel['book']>>['bids'];

function bestOf([bid]: Levels, [ask]: Levels, spec: Parameters<typeof formatLevel>[2]) {
  return {
    bid: bid === undefined ? null : formatLevel(...bid, spec),
    ask: ask === undefined ? null : formatLevel(...ask, spec),
  };
}
