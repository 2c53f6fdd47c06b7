import type { OrderDoc } from '@keel/redis';
import { toOrderId } from '@keel/types';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccountAnswer, accountAnswer, marketsAnswer, openOrdersAnswer } from '../src/wire/answers.ts';
import { openSocket } from './openSocket.ts';
import { BTC, BTC_MARKET, bidFlush, fullAt, OPEN_ORDER, OWNER } from './readModelOf.ts';
import { type Exchange, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

const order = (orderId: number, changes: Partial<OrderDoc>): OrderDoc => ({
  ...OPEN_ORDER,
  orderId: toOrderId(orderId),
  clientOrderId: '',
  ...changes,
});

/** Beside the order of the read model: an iceberg, one that waits, one that trails, one in slices, one attached. */
const ORDERS: readonly OrderDoc[] = [
  order(8, {
    side: 'sell',
    timeInForce: 'gtt',
    priceTicks: 650_000,
    sizeLots: 10_000,
    remainingLots: 10_000,
    shownLots: 400,
    displayLots: 1_000,
    expiresAtMs: 9_000_000,
    reduceOnly: true,
    selfTrade: 'expireBoth',
    selfTradeScope: 'owner',
  }),
  order(9, {
    state: 'waiting',
    side: 'sell',
    orderType: 'market',
    timeInForce: 'ioc',
    priceTicks: 0,
    shownLots: 0,
    queuePlace: 0,
    trigger: { kind: 'stop', triggerTicks: 580_000, trailTicks: 0 },
    linkedOrderId: toOrderId(10),
    parentOrderId: toOrderId(4),
  }),
  order(10, {
    state: 'waiting',
    shownLots: 0,
    queuePlace: 0,
    trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks: 1_505 },
    linkedOrderId: toOrderId(9),
  }),
  order(11, {
    state: 'twap',
    orderType: 'market',
    timeInForce: 'ioc',
    priceTicks: 0,
    shownLots: 0,
    queuePlace: 0,
    twap: { startMs: 1_000, durationMs: 60_000, slices: 12, slicesDone: 3 },
  }),
  order(12, {
    attached: {
      takeProfitTicks: 660_000,
      takeProfitLimitTicks: 659_905,
      stopLossTicks: 570_000,
      stopLossLimitTicks: 0,
    },
    priceTicks: 500_000,
    sizeLots: 1,
    remainingLots: 1,
    shownLots: 1,
  }),
];

test('open orders of every kind, over REST and on the account channel; only those in the book need margin', async () => {
  const client = await openSocket(exchange.port);
  await client.ask('subscribe', { channel: 'account', account: OWNER });
  const [account] = fullAt(2).accounts;
  await exchange.writer.write({
    ...bidFlush(2, 5_000),
    orders: ORDERS,
    accounts: [
      {
        ...account!,
        cancelAllAfterMs: 1_060_000,
        protections: [
          { marketId: BTC, windowMs: 1_000, quantityLots: 150_000, deltaLots: 0, fillCount: 20, frozen: true },
        ],
      },
    ],
  });
  await until(() => client.frames('account').length === 2);
  const overRest = (await exchange.get(`/v1/accounts/${OWNER}/orders`)).body as unknown as { orders: object[] };
  expect(Compile(openOrdersAnswer).Errors(overRest)).toEqual([]);
  expect(overRest.orders).toMatchObject([
    {
      orderId: '7',
      state: 'resting',
      price: '59900',
      shownSize: '0.05',
      displaySize: null,
      triggerKind: null,
      twap: null,
    },
    {
      orderId: '8',
      state: 'resting',
      timeInForce: 'gtt',
      expiresAt: 9_000_000,
      remainingSize: '0.1',
      shownSize: '0.004',
      displaySize: '0.01',
      selfTrade: 'expireBoth',
      selfTradeScope: 'owner',
    },
    {
      orderId: '9',
      state: 'waiting',
      orderType: 'market',
      price: null,
      shownSize: '0',
      triggerKind: 'stop',
      triggerPrice: '58000',
      trail: null,
      linkedOrderId: '10',
      parentOrderId: '4',
    },
    {
      orderId: '10',
      triggerKind: 'trailingStop',
      triggerPrice: null,
      trail: '150.5',
      linkedOrderId: '9',
      parentOrderId: null,
    },
    {
      orderId: '11',
      state: 'twap',
      price: null,
      twap: { startTime: 1_000, durationMs: 60_000, slices: 12, slicesDone: 3 },
    },
    {
      orderId: '12',
      takeProfitTrigger: '66000',
      takeProfitPrice: '65990.5',
      stopLossTrigger: '57000',
      stopLossPrice: null,
    },
  ]);
  const { body } = await exchange.get(`/v1/accounts/${OWNER}`);
  expect(Compile(accountAnswer).Errors(body)).toEqual([]);
  // Long 0.1; buys of 0.05 and 0.00001 and a reduce-only sell of 0.1 rest: 4 % of 0.15001 BTC at 60,000. What waits
  // or is traded in slices, 0.15 BTC of it, needs nothing yet.
  expect(body).toMatchObject({
    initialMargin: '360.024',
    cancelAllAfter: 1_060_000,
    protections: [{ market: 'BTC-USD', windowMs: 1_000, quantity: '1.5', delta: '0', fillCount: 20, frozen: true }],
    openOrders: overRest.orders,
  });
  const frame = client.frames('account')[1]?.data as unknown as AccountAnswer;
  expect(frame.openOrders).toEqual(overRest.orders);
  expect(frame.protections).toEqual(body.protections);
});

test('a market says what the operator allows in it, and its bounds', async () => {
  await exchange.writer.write({ ...bidFlush(3, 5_000), markets: [{ ...BTC_MARKET, tradingStatus: 'cancelOnly' }] });
  const { body } = await exchange.get('/v1/markets');
  expect(Compile(marketsAnswer).Errors(body)).toEqual([]);
  expect(body.markets).toMatchObject([{ tradingStatus: 'cancelOnly', priceBand: '0.5', maxOpenInterest: '4000' }]);
});
