import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { BookOrderDoc, CandleDoc, LevelDoc } from '@keel/redis';
import { type OrderId, type Side, toOrderId, toSequence } from '@keel/types';
import { Compile } from 'typebox/compile';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CHANNEL_NAMES, type ChannelName, frameAnswer, subscribedAnswer } from '../src/wire/channels.ts';
import { type Heard, openSocket, type TestSocket } from './openSocket.ts';
import { ACCOUNT, BTC, BTC_MARKET, bidFlush, fullAt, OPEN_ORDER, OWNER, WETH } from './readModelOf.ts';
import { type Exchange, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
let client: TestSocket;
beforeEach(async () => {
  exchange = await startExchange();
  client = await openSocket(exchange.port);
});
afterEach(() => exchange.stop());

const BTC_USD = { market: 'BTC-USD' };
const level = (side: Side, priceTicks: number, sizeLots: number): LevelDoc => ({
  marketId: BTC,
  side,
  priceTicks,
  sizeLots,
});
const flush = (sequence: number, ...levels: LevelDoc[]) => exchange.writer.write({ ...bidFlush(sequence, 0), levels });

/** The frames of a channel without what differs from run to run; all of them have to fit the table. */
function told(channel: ChannelName): Heard[] {
  const schema = Compile(frameAnswer(channel));
  for (const frame of client.frames(channel)) expect(schema.Errors(frame)).toEqual([]);
  return client.frames(channel).map((frame) => ({ ...frame, ts: 0 }));
}

test('every channel: the answer and the first frame are what the table says, and no field is missing in it', async () => {
  for (const channel of CHANNEL_NAMES) {
    const market = ['book', 'bookOrders', 'bbo', 'ticker', 'candles', 'trades'].includes(channel) ? BTC_USD : {};
    const params = { channel, ...market, ...(channel === 'account' ? { account: OWNER } : {}) };
    const { result } = await client.ask('subscribe', params);
    expect(result).toEqual({ ...params, resumed: false });
    expect(Compile(subscribedAnswer(channel)).Errors(result)).toEqual([]);
    await until(() => client.frames(channel).length > 0);
    const [frame] = told(channel);
    expect(frame).toMatchObject({ ...params, type: 'snapshot', seq: 1 });
    const { data } = frameAnswer(channel).properties as { data: { properties: object } };
    expect(Object.keys(frame?.data ?? {}).sort()).toEqual(Object.keys(data.properties).sort());
  }
});

test('the README has a row for each channel, and the checksum of its example', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const channel of CHANNEL_NAMES) expect(readme).toMatch(new RegExp(`^\\| \`${channel}\`[^|]*\\|`, 'm'));
  const [, text = '', figure] = /`([^`]+)` is (\d+); an empty book/.exec(readme) ?? [];
  expect(crc32(text)).toBe(Number(figure));
});

test('bbo: told when the best bid or ask changes, and not when something behind it does', async () => {
  await client.ask('subscribe', { channel: 'bbo', ...BTC_USD });
  await flush(2, level('buy', 597_000, 9));
  await flush(3, level('buy', 599_000, 4_000));
  await flush(4, level('sell', 601_005, 0));
  await flush(5, level('buy', 599_000, 0), level('buy', 598_000, 0), level('buy', 597_000, 0));
  await until(() => client.frames('bbo').at(-1)?.seq === 5);
  const head = { channel: 'bbo', ...BTC_USD, ts: 0 };
  expect(told('bbo')).toEqual([
    { ...head, type: 'snapshot', seq: 1, data: { bid: ['59900', '0.05'], ask: ['60100.5', '0.00001'] } },
    { ...head, type: 'update', seq: 3, data: { bid: ['59900', '0.04'], ask: ['60100.5', '0.00001'] } },
    { ...head, type: 'update', seq: 4, data: { bid: ['59900', '0.04'], ask: null } },
    { ...head, type: 'update', seq: 5, data: { bid: null, ask: null } },
  ]);
});

test('ticker: what changed within 100 ms is one frame, and nothing is none', async () => {
  await client.ask('subscribe', { channel: 'ticker', ...BTC_USD });
  await until(() => client.frames('ticker').length >= 1);
  await sleep(250);
  const before = client.frames('ticker').length;
  expect(before, 'one may say what the snapshot said').toBeLessThanOrEqual(2);
  await exchange.writer.write({ ...bidFlush(2, 4_000), markets: [{ ...BTC_MARKET, markTicks: 610_000 }] });
  await exchange.writer.write({ ...bidFlush(3, 5_000), markets: [{ ...BTC_MARKET, markTicks: 611_005 }] });
  await until(() => JSON.stringify(client.frames('ticker').at(-1)).includes('"mark":"61100.5"'));
  await exchange.writer.write({ ...bidFlush(4, 5_000) });
  await sleep(250);
  expect(client.frames('ticker').length - before).toBeLessThanOrEqual(2);
  expect(told('ticker').at(-1)?.data).toEqual({
    market: 'BTC-USD',
    mark: '61100.5',
    index: '60000',
    last: '59999',
    bid: ['59900', '0.05'],
    ask: ['60100.5', '0.00001'],
    fundingRate: '0.0000125',
    nextFundingTime: 3_600_000,
    openInterest: '0.1',
    volume: '9007199254.740993',
    status: 'open',
    tradingStatus: 'open',
  });
});

test('candles: a snapshot of an interval, then each that changed, in a chain', async () => {
  const [candle] = fullAt(1).candles as [CandleDoc];
  await client.ask('subscribe', { channel: 'candles', ...BTC_USD, interval: '1m' });
  await client.ask('subscribe', { channel: 'candles', ...BTC_USD, interval: '1h' });
  await until(() => client.frames('candles').length === 2);
  const changed = { ...candle, closeTicks: 600_000, trades: 2 };
  const next = { ...candle, openTimeMs: 1_020_000, trades: 7 };
  await exchange.writer.write({ ...bidFlush(2, 1), candles: [changed] });
  await exchange.writer.write(bidFlush(3, 2));
  await exchange.writer.write({ ...bidFlush(4, 1), candles: [next, { ...next, interval: '1h', openTimeMs: 0 }] });
  await until(() => client.frames('candles').length === 5);
  const minutes = told('candles').filter((frame) => (frame as { interval?: string }).interval === '1m');
  expect(minutes.map(({ seq, prevSeq, data }) => [seq, prevSeq, data])).toMatchObject([
    [1, undefined, { candles: [{ time: 960_000, close: '59999', trades: 1 }] }],
    [2, 1, { candles: [{ time: 960_000, close: '60000', trades: 2 }] }],
    [4, 2, { candles: [{ time: 1_020_000, trades: 7 }] }],
  ]);
  expect(told('candles').at(-1)).toMatchObject({ interval: '1h', prevSeq: 1, data: { candles: [{ time: 0 }] } });
  const late = await openSocket(exchange.port);
  await late.ask('subscribe', { channel: 'candles', ...BTC_USD });
  await until(() => late.frames('candles').length === 1);
  expect(late.frames('candles')[0]).toMatchObject({
    type: 'snapshot',
    seq: 4,
    data: { candles: [{ trades: 2 }, { trades: 7 }] },
  });
});

const order = (
  orderId: OrderId,
  side: Side,
  priceTicks: number,
  sizeLots: number,
  queuePlace: number,
): BookOrderDoc => ({ marketId: BTC, orderId, side, priceTicks, sizeLots, queuePlace });

test('bookOrders: who stands where, in a chain; 0 = gone', async () => {
  const [one, two, three] = [toOrderId(1), toOrderId(2), toOrderId(3)];
  const bookOrders = [order(one, 'buy', 599_000, 3_000, 5), order(two, 'buy', 599_000, 2_000, 4)];
  await exchange.writer.write({ ...bidFlush(2, 5_000), bookOrders });
  await client.ask('subscribe', { channel: 'bookOrders', ...BTC_USD });
  await until(() => client.frames('bookOrders').length === 1);
  const seen = told('bookOrders')[0]?.seq ?? 0;
  const more = [order(two, 'buy', 599_000, 0, 0), order(three, 'sell', 600_000, 7, 9)];
  await exchange.writer.write({ ...bidFlush(3, 3_000), bookOrders: more });
  await until(() => client.frames('bookOrders').length === 2);
  const row = (orderId: string, side: Side, price: string, size: string, queuePlace: number) => ({
    orderId,
    side,
    price,
    size,
    queuePlace,
  });
  expect(told('bookOrders').map(({ data }) => data)).toEqual([
    { orders: [row('2', 'buy', '59900', '0.02', 4), row('1', 'buy', '59900', '0.03', 5)] },
    { orders: [row('2', 'buy', '59900', '0', 0), row('3', 'sell', '60000', '0.00007', 9)] },
  ]);
  expect(told('bookOrders')[1]).toMatchObject({ type: 'update', seq: 3, prevSeq: seen });
});

test('book with levels, grouping, intervalMs: whole snapshots, no more often than asked for, with their own checksum', async () => {
  const views = [
    { ...BTC_USD, channel: 'book', levels: 1, intervalMs: 20 },
    { ...BTC_USD, channel: 'book', grouping: '1000', intervalMs: 500 },
  ];
  for (const params of views)
    expect((await client.ask('subscribe', params)).result).toEqual({ ...params, resumed: false });
  let sequence = 1;
  const beganMs = performance.now();
  while (performance.now() - beganMs < 1_200) {
    sequence += 1;
    await flush(sequence, level('buy', 598_000, sequence));
    await sleep(5);
  }
  await flush(sequence + 1, level('buy', 599_005, 11));
  await until(() => client.frames('book').filter(({ seq }) => seq === sequence + 1).length === 2);
  const frames = told('book') as (Heard & { levels?: number; grouping?: string })[];
  for (const { type, data } of frames) {
    expect(type).toBe('snapshot');
    const { bids, asks, checksum } = data as never as { bids: string[][]; asks: string[][]; checksum: number };
    const text = (levels: string[][]) => levels.map((pair) => pair.join(':')).join(',');
    expect(checksum).toBe(crc32(`${text(bids)}|${text(asks)}`));
  }
  expect(frames.findLast(({ levels }) => levels === 1)?.data).toMatchObject({
    bids: [['59900.5', '0.00011']],
    asks: [['60100.5', '0.00001']],
  });
  const grouped = frames.filter(({ grouping }) => grouping === '1000');
  expect(grouped.length, '500 ms apart').toBeLessThanOrEqual(5);
  expect(grouped.at(-1)?.data).toMatchObject({
    // 59,900.5, 59,900 and 59,800 are at least 59,000; what asks 60,100.5 asks no more than 61,000.
    bids: [['59000', `0.${String(11 + 5_000 + sequence).padStart(5, '0')}`.replace(/0+$/, '')]],
    asks: [['61000', '0.00001']],
  });
});

test('account: what happened, as it is told', async () => {
  await client.ask('subscribe', { channel: 'account', account: OWNER });
  const at = { accountId: ACCOUNT, timeMs: 7, sequence: toSequence(2) };
  const terms = { ...OPEN_ORDER, state: 'resting' as const, filledLots: 6_000, filledAtoms: 3_594_000_000 };
  await exchange.writer.write({
    ...bidFlush(2, 1),
    closedOrders: [{ accountId: ACCOUNT, orderId: OPEN_ORDER.orderId }],
    orderUpdates: [
      {
        ...at,
        order: { ...terms, remainingLots: 0, shownLots: 0, queuePlace: 0 },
        state: 'filled',
        closeReason: 'filled',
        closeCode: 0,
      },
    ],
    fundingPayments: [
      { ...at, marketId: BTC, sizeLots: -10_000, amountAtoms: -75_000, fundingIndex: 1, ratePpb: 12_500 },
    ],
    ledger: [
      {
        ...at,
        event: { kind: 'depositCredited', depositIndex: 4, accountId: ACCOUNT, assetId: 0, amountAtoms: 5_000_000 },
      },
      {
        ...at,
        event: {
          kind: 'withdrawalRequested',
          ...{ withdrawalIndex: 3, accountId: ACCOUNT, recipient: OWNER, assetId: WETH, amountAtoms: 150_000_000 },
        },
      },
    ],
  });
  await until(() => client.frames('account').length === 2);
  const [, frame] = told('account');
  const when = { time: 7, sequence: 2 };
  expect(frame).toMatchObject({
    type: 'update',
    data: {
      orderUpdates: [
        {
          order: { orderId: '7', clientOrderId: 'mine', market: 'BTC-USD', price: '59900', size: '0.06' },
          ...{ state: 'filled', closeReason: 'filled', closeCode: null, filledSize: '0.06', averagePrice: '59900' },
          ...{ remainingSize: '0', ...when },
        },
      ],
      fundingPayments: [{ market: 'BTC-USD', size: '-0.1', amount: '-0.075', fundingRate: '0.0000125', ...when }],
      deposits: [{ depositIndex: 4, asset: 'USDC', amount: '5', ...when }],
      withdrawals: [{ withdrawalIndex: 3, recipient: OWNER, asset: 'WETH', amount: '1.5', ...when }],
      fills: [],
      liquidations: [],
    },
  });
  const late = await openSocket(exchange.port);
  const again = { channel: 'account', account: OWNER, fromSeq: 1 };
  expect((await late.ask('subscribe', again)).result).toEqual({ ...again, resumed: true });
  await until(() => late.frames('account').length === 1);
  const { orderUpdates, fundingPayments, deposits, withdrawals } = (frame as Heard).data as never as Record<
    string,
    unknown
  >;
  expect(late.frames('account')[0]).toMatchObject({
    type: 'snapshot',
    data: { orderUpdates, fundingPayments, deposits, withdrawals },
  });
});

test.each([
  ['a number of levels that is not offered', { levels: 7 }],
  ['an interval that is not offered', { intervalMs: 30 }],
  ['a grouping that is no number', { grouping: 'ten' }],
  ['a grouping of three ticks', { grouping: '0.3' }],
  ['a grouping between ticks', { grouping: '0.05' }],
  ['a grouping of nothing', { grouping: '0' }],
  ['a grouping that is not spelled canonically', { grouping: '1.0' }],
  ['a sequence that is none', { fromSeq: -1 }],
])('book: %s', async (_, params) => {
  const { error } = await client.ask('subscribe', { channel: 'book', ...BTC_USD, ...params });
  expect(error).toMatchObject({ code: 'BAD_REQUEST', details: { path: `/params/${Object.keys(params)[0]}` } });
});

test.each([
  ['levels of another channel', { channel: 'trades', ...BTC_USD, levels: 5 }, 'UNKNOWN_FIELD'],
  ['an interval of another channel', { channel: 'bbo', ...BTC_USD, interval: '1m' }, 'UNKNOWN_FIELD'],
  ['an interval that is none', { channel: 'candles', ...BTC_USD, interval: '2m' }, 'BAD_REQUEST'],
  ['no market', { channel: 'ticker' }, 'BAD_REQUEST'],
  ['an unknown market', { channel: 'bookOrders', market: 'X' }, 'MARKET_UNKNOWN'],
])('%s', async (_, params, code) => {
  expect((await client.ask('subscribe', params)).error?.code).toBe(code);
});

test('limits: what there is, and what is left of it', async () => {
  await client.ask('subscribe', { channel: 'bbo', ...BTC_USD });
  const { result } = await client.ask('session.limits');
  expect(result).toMatchObject({
    subscriptions: { max: 100, left: 99 },
    inFlight: { max: 1_000, left: 999 },
    connectionsPerAddress: { max: 50, left: 49 },
    frameBytes: 65_536,
    conflateBytes: 262_144,
    unreadBytes: 4_194_304,
    pingMs: 15_000,
  });
});

test('more connections of one address than allowed are answered 429, until one of them goes', async () => {
  const small = await startExchange({ clientsPerAddressMax: 2 });
  const first = await openSocket(small.port);
  const second = await openSocket(small.port);
  await expect(openSocket(small.port)).rejects.toThrow('429');
  first.socket.close();
  await until(async () => /ws_clients\{[^}]*\} 1/.test((await small.get('/metrics')).text));
  const third = await openSocket(small.port);
  expect((await third.ask('session.limits')).result).toMatchObject({ connectionsPerAddress: { max: 2, left: 0 } });
  second.socket.close();
  await small.stop();
});
