import { setTimeout as sleep } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import {
  type CandleDoc,
  emptyStateDiff,
  type FillDoc,
  type LiquidationDoc,
  type OrderUpdateDoc,
  type StateDiff,
  type TradeDoc,
} from '@keel/redis';
import { toAccountId, toOrderId, toSequence } from '@keel/types';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, BTC, bidFlush, fullAt, headAt, OPEN_ORDER, OWNER } from '../readModelOf.ts';
import { type Exchange, startExchange, until } from '../startExchange.ts';
import { AGENT, CLOID, infoFlush, STRANGER } from './infoData.ts';
import { openHyperliquidSocket } from './openHyperliquidSocket.ts';

let exchange: Exchange;
async function start(): Promise<void> {
  exchange = await startExchange();
  expect(await exchange.writer.write(infoFlush())).toBe('written');
  await until(async () => (await exchange.post('/info', { type: 'l2Book', coin: 'ETH' })).text !== 'null');
  await heardOf(2);
}
const stop = () => exchange?.stop();

const open = () => openHyperliquidSocket(exchange.port);

/** The gateway's channels are at that flush. */
const heardOf = (sequence: number) =>
  until(async () => {
    const client = await open();
    await client.subscribe({ type: 'allMids' });
    await client.data('allMids', 1);
    client.socket.terminate();
    return client.heard.some(({ seq }) => seq === sequence);
  });

const ask = async (body: object): Promise<unknown> => JSON.parse((await exchange.post('/info', body)).text) as unknown;

describe('requests', () => {
  beforeAll(start);
  afterAll(stop);
  const book = '{"type":"l2Book","coin":"BTC"}';
  test.each([
    ['no JSON', '{"method":', 'Error parsing JSON into valid websocket request'],
    ['a list', '[1]', 'Error parsing JSON into valid websocket request'],
    ['no method', '{"id":1}', 'Error parsing JSON into valid websocket request: {"id":1}'],
    [
      'a method named like a property',
      '{"method":"constructor"}',
      'Error parsing JSON into valid websocket request: {"method":"constructor"}',
    ],
    ['nothing to follow', '{"method":"subscribe"}', 'Invalid subscription: no such type'],
    [
      'an unknown type',
      '{"method":"subscribe","subscription":{"type":"x"}}',
      'Invalid subscription {"type":"x"}: no such type',
    ],
    [
      'a type named like a property',
      '{"method":"subscribe","subscription":{"type":"toString"}}',
      'Invalid subscription {"type":"toString"}: no such type',
    ],
    [
      'no coin',
      '{"method":"subscribe","subscription":{"type":"l2Book"}}',
      'Invalid subscription {"type":"l2Book"}: coin is missing',
    ],
    [
      'an unknown coin',
      '{"method":"subscribe","subscription":{"type":"trades","coin":"DOGE"}}',
      'Invalid subscription {"type":"trades","coin":"DOGE"}: there is no such coin',
    ],
    [
      'an unknown interval',
      '{"method":"subscribe","subscription":{"type":"candle","coin":"BTC","interval":"7m"}}',
      'Invalid subscription {"type":"candle","coin":"BTC","interval":"7m"}: there is no such interval',
    ],
    [
      'no address',
      '{"method":"subscribe","subscription":{"type":"userFills","user":"0x12"}}',
      'Invalid subscription {"type":"userFills","user":"0x12"}: user is no address',
    ],
    [
      'another dex',
      '{"method":"subscribe","subscription":{"type":"allMids","dex":"abc"}}',
      'Invalid subscription {"type":"allMids","dex":"abc"}: there is one dex, without a name',
    ],
    [
      'six digits',
      '{"method":"subscribe","subscription":{"type":"l2Book","coin":"BTC","nSigFigs":6}}',
      'Invalid subscription {"type":"l2Book","coin":"BTC","nSigFigs":6}: nSigFigs is 2, 3, 4, 5 or null',
    ],
    [
      'a mantissa of four digits',
      '{"method":"subscribe","subscription":{"type":"l2Book","coin":"BTC","nSigFigs":4,"mantissa":2}}',
      'Invalid subscription {"type":"l2Book","coin":"BTC","nSigFigs":4,"mantissa":2}: ' +
        'mantissa is null or, with nSigFigs 5, 1, 2 or 5',
    ],
    ['never subscribed', `{"method":"unsubscribe","subscription":${book}}`, `Already unsubscribed: ${book}`],
    ['a post without an id', '{"method":"post","request":{}}', 'A post needs an id, a whole number'],
  ])('%s', async (_, text, error) => {
    const client = await open();
    client.send(text);
    expect(await client.data('error', 1)).toEqual([error]);
    client.send({ method: 'ping' });
    await client.data('pong', 1);
    expect(client.heard.at(-1)).toEqual({ channel: 'pong' });
  });

  // Clients parse what stands between braces and end their process when it is no JSON.
  test('what is echoed is whole and JSON, or nothing is', async () => {
    const client = await open();
    client.send(`{"method":"subscribe","subscription":{"type":"${'x'.repeat(2_000)}"}}`);
    client.send('{"method": {"a":1}, "text": "}{"}');
    client.send('{nonsense}');
    const errors = (await client.data('error', 3)) as string[];
    for (const error of errors) expect(() => JSON.parse(/{.*}/.exec(error)?.[0] ?? '{}')).not.toThrow();
    expect(errors[0]).toBe('Invalid subscription: no such type');
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    client.send(`{"method":"subscribe","subscription":{"type":"allMids","else":${deep}}}`);
    expect((await client.data('error', 4))[3]).toBe('Invalid subscription: too long');
  });

  test('a subscription is echoed as it was sent; the same once more is refused, null or absent, in any letters', async () => {
    const client = await open();
    const sent = { type: 'l2Book', coin: 'BTC', nSigFigs: null, mantissa: null, else: 1 };
    await client.subscribe(sent);
    expect(await client.data('subscriptionResponse', 1)).toEqual([{ method: 'subscribe', subscription: sent }]);
    client.send({ method: 'subscribe', subscription: { coin: 'BTC', type: 'l2Book' } });
    expect(await client.data('error', 1)).toEqual(['Already subscribed: {"coin":"BTC","type":"l2Book"}']);
    await client.subscribe({ type: 'userFills', user: OWNER });
    const loud = OWNER.toUpperCase().replace('0X', '0x');
    client.send({ method: 'subscribe', subscription: { type: 'userFills', user: loud, aggregateByTime: false } });
    expect((await client.data('error', 2))[1]).toBe(
      `Already subscribed: {"type":"userFills","user":"${loud}","aggregateByTime":false}`,
    );
    client.send({ method: 'unsubscribe', id: '7', subscription: sent });
    expect((await client.data('subscriptionResponse', 3))[2]).toEqual({ method: 'unsubscribe', subscription: sent });
    await client.subscribe(sent);
  });

  test('a post is what /info and /exchange answer', async () => {
    const client = await open();
    expect(await client.post(1, { type: 'info', payload: { type: 'l2Book', coin: 'BTC' } })).toEqual({
      type: 'info',
      payload: { type: 'l2Book', data: await ask({ type: 'l2Book', coin: 'BTC' }) },
    });
    expect(await client.post(2, { type: 'info', payload: { type: 'nonsense' } })).toEqual({
      type: 'error',
      payload: 'Failed to deserialize the JSON body into the target type: unknown type',
    });
    expect(await client.post(3, { type: 'action', payload: {} })).toMatchObject({
      type: 'action',
      payload: { status: 'err', response: expect.any(String) },
    });
    expect(await client.post(4, null)).toEqual({ type: 'error', payload: 'The type of a post is info or action' });
  });

  test('more users than 15 are refused, another channel of one of them is not', async () => {
    const client = await open();
    const user = (number: number) => `0x${number.toString(16).padStart(40, '0')}`;
    for (let number = 1; number <= 15; number += 1)
      await client.subscribe({ type: 'orderUpdates', user: user(number) });
    client.send({ method: 'subscribe', subscription: { type: 'orderUpdates', user: user(16) } });
    expect(await client.data('error', 1)).toEqual(['Cannot track more than 15 total users.']);
    await client.subscribe({ type: 'userFills', user: user(15) });
  });

  test('too fast: an error, of an action as its answer; whoever goes on is closed', async () => {
    const slow = await startExchange({ messagesPerSecond: 2 });
    const client = await openHyperliquidSocket(slow.port);
    client.send({ method: 'ping' });
    client.send({ method: 'ping' });
    client.send({ method: 'ping' });
    const text = 'Too many messages: more than 2 per second';
    expect(await client.data('error', 1)).toEqual([text]);
    const refused = { type: 'action', payload: { status: 'err', response: text } };
    expect(await client.post(9, { type: 'action', payload: {} })).toEqual(refused);
    for (let count = 0; count < 1_500; count += 1) client.send({ method: 'ping' });
    await until(() => client.closed !== undefined);
    expect(client.closed?.code).toBe(4029);
    await slow.stop();
  });

  test('eleven frames that are no request close it', async () => {
    const client = await open();
    for (let count = 0; count < 11; count += 1) client.send('nonsense');
    await until(() => client.closed !== undefined);
    expect(client.closed?.code).toBe(4000);
  });

  test('the gateway says goodbye', async () => {
    const client = await open();
    const other = await startExchange();
    const leaving = await openHyperliquidSocket(other.port);
    await other.stop();
    await until(() => leaving.closed !== undefined);
    expect(leaving.closed).toEqual({ code: 1001, reason: 'the gateway is stopping' });
    expect(client.closed).toBeUndefined();
  });
});

describe('what each channel begins with', () => {
  beforeAll(start);
  afterAll(stop);
  const user = OWNER;
  const ofInfo: readonly [string, object, object, (answer: unknown) => unknown][] = [
    ['allMids', {}, { type: 'allMids' }, (mids) => ({ mids })],
    ['l2Book', { coin: 'BTC' }, { type: 'l2Book', coin: 'BTC' }, (answer) => answer],
    ['l2Book', { coin: 'BTC', nSigFigs: 3 }, { type: 'l2Book', coin: 'BTC', nSigFigs: 3 }, (answer) => answer],
    ['l2Book', { coin: 'ETH' }, { type: 'l2Book', coin: 'ETH' }, (answer) => answer],
    [
      'activeAssetCtx',
      { coin: 'BTC' },
      { type: 'metaAndAssetCtxs' },
      (answer) => ({ coin: 'BTC', ctx: (answer as unknown[][])[1]?.[0] }),
    ],
    ['assetCtxs', { dex: '' }, { type: 'metaAndAssetCtxs' }, (answer) => ({ dex: '', ctxs: (answer as unknown[])[1] })],
    ['allDexsAssetCtxs', {}, { type: 'metaAndAssetCtxs' }, (answer) => ({ ctxs: [['', (answer as unknown[])[1]]] })],
    ['trades', { coin: 'BTC' }, { type: 'recentTrades', coin: 'BTC' }, (newest) => (newest as unknown[]).toReversed()],
    [
      'candle',
      { coin: 'BTC', interval: '1m' },
      { type: 'candleSnapshot', req: { coin: 'BTC', interval: '1m', startTime: 0, endTime: 2_000_000 } },
      (candles) => (candles as unknown[]).at(-1),
    ],
    [
      'candle',
      { coin: 'BTC', interval: '3m' },
      { type: 'candleSnapshot', req: { coin: 'BTC', interval: '3m', startTime: 0, endTime: 2_000_000 } },
      (candles) => (candles as unknown[]).at(-1),
    ],
    [
      'clearinghouseState',
      { user },
      { type: 'clearinghouseState', user },
      (clearinghouseState) => ({ dex: '', user, clearinghouseState }),
    ],
    [
      'allDexsClearinghouseState',
      { user },
      { type: 'clearinghouseState', user },
      (state) => ({ user, clearinghouseStates: [['', state]] }),
    ],
    ['openOrders', { user }, { type: 'frontendOpenOrders', user }, (orders) => ({ dex: '', user, orders })],
    ['spotState', { user }, { type: 'spotClearinghouseState', user }, (spotState) => ({ user, spotState })],
    ['webData2', { user }, { type: 'webData2', user }, (answer) => answer],
    ['activeAssetData', { user, coin: 'BTC' }, { type: 'activeAssetData', user, coin: 'BTC' }, (answer) => answer],
    [
      'userFills',
      { user },
      { type: 'userFills', user },
      (newest) => ({ isSnapshot: true, user, fills: (newest as unknown[]).toReversed() }),
    ],
    [
      'userFundings',
      { user },
      { type: 'userFunding', user, startTime: 0 },
      (paid) => ({
        isSnapshot: true,
        user,
        fundings: (paid as { time: number; delta: { type: string } }[]).map(
          ({ time, delta: { type: _, ...rest } }) => ({
            time,
            ...rest,
          }),
        ),
      }),
    ],
    [
      'userNonFundingLedgerUpdates',
      { user },
      { type: 'userNonFundingLedgerUpdates', user, startTime: 0 },
      (lines) => ({ isSnapshot: true, user, nonFundingLedgerUpdates: lines }),
    ],
    [
      'userHistoricalOrders',
      { user },
      { type: 'historicalOrders', user },
      (newest) => ({ isSnapshot: true, user, orderHistory: (newest as unknown[]).toReversed() }),
    ],
  ];
  test.each(ofInfo)('%s %o is what /info answers', async (type, fields, question, expected) => {
    const client = await open();
    const subscription = { type, ...fields };
    client.send({ method: 'subscribe', subscription });
    const [first] = await client.data(type, 1);
    expect(client.heard[0]).toEqual({ channel: 'subscriptionResponse', data: { method: 'subscribe', subscription } });
    expect(client.heard[1]?.seq).toBe(2);
    expect(first).toEqual(expected(await ask(question)));
  });

  test.each([
    [
      'bbo',
      { coin: 'BTC' },
      {
        coin: 'BTC',
        time: 1_000_002,
        bbo: [
          { px: '59900', sz: '0.05', n: 1 },
          { px: '60100.5', sz: '0.00001', n: 1 },
        ],
      },
    ],
    ['bbo', { coin: 'ETH' }, { coin: 'ETH', time: 1_000_002, bbo: [null, null] }],
    ['spotAssetCtxs', {}, []],
    ['outcomeMetaUpdates', {}, { updates: [] }],
    ['userTwapHistory', { user }, { user, history: [], isSnapshot: true }],
    ['userTwapSliceFills', { user }, { user, twapSliceFills: [], isSnapshot: true }],
    ['twapStates', { user, dex: '' }, { user, dex: '', states: [] }],
    ['userFills', { user: STRANGER }, { isSnapshot: true, user: STRANGER, fills: [] }],
    ['openOrders', { user: STRANGER }, { dex: '', user: STRANGER, orders: [] }],
  ])('%s %o', async (type, fields, expected) => {
    const client = await open();
    await client.subscribe({ type, ...fields });
    expect(await client.data(type, 1)).toEqual([expected]);
  });

  test('webData3', async () => {
    const client = await open();
    await client.subscribe({ type: 'webData3', user });
    expect(await client.data('webData3', 1)).toMatchObject([
      { userState: { user, isVault: false, serverTime: 1_000_002 } },
    ]);
  });

  test('fastAssetCtxs is compressed', async () => {
    const client = await open();
    await client.subscribe({ type: 'fastAssetCtxs' });
    const [data] = await client.data('fastAssetCtxs', 1);
    expect(JSON.parse(inflateRawSync(Buffer.from(String(data), 'base64')).toString())).toEqual({
      BTC: { markPx: '60000', midPx: '60000.25' },
      ETH: { markPx: '0', midPx: null },
    });
  });

  test('orders, events and notifications begin with nothing', async () => {
    const client = await open();
    for (const type of ['orderUpdates', 'userEvents', 'notification']) await client.subscribe({ type, user });
    await sleep(300);
    expect(client.heard.map(({ channel }) => channel)).toEqual(Array(3).fill('subscriptionResponse'));
  });

  test("an agent's address is told its owner's account, under the address that it asked for", async () => {
    const client = await open();
    await client.subscribe({ type: 'clearinghouseState', user: AGENT });
    const [state] = await client.data('clearinghouseState', 1);
    const clearinghouseState = await ask({ type: 'clearinghouseState', user: OWNER });
    expect(state).toEqual({ dex: '', user: AGENT, clearinghouseState });
  });
});

/** Sells 0.02 to the account's bid at 59,900, which then has 0.03 left; ann's other order is cancelled by her. */
const FILL: FillDoc = {
  tradeId: 12,
  accountId: ACCOUNT,
  orderId: OPEN_ORDER.orderId,
  clientOrderId: CLOID,
  marketId: BTC,
  side: 'buy',
  role: 'maker',
  priceTicks: 599_000,
  sizeLots: 2_000,
  startLots: 10_000,
  feeAtoms: -59_900,
  realisedPnlAtoms: 0,
  timeMs: 1_000_003,
  sequence: toSequence(3),
  liquidation: false,
};
const TRADE: TradeDoc = {
  tradeId: 12,
  marketId: BTC,
  priceTicks: 599_000,
  sizeLots: 2_000,
  takerSide: 'sell',
  timeMs: 1_000_003,
  sequence: toSequence(3),
  liquidation: false,
};
const PARTLY: OrderUpdateDoc = {
  accountId: ACCOUNT,
  order: { ...OPEN_ORDER, clientOrderId: CLOID, remainingLots: 3_000, filledLots: 3_000, filledAtoms: 1_797_000_000 },
  state: 'open',
  closeReason: undefined,
  closeCode: 0,
  timeMs: 1_000_003,
  sequence: toSequence(3),
};
const LIQUIDATED: OrderUpdateDoc = {
  ...PARTLY,
  order: {
    ...OPEN_ORDER,
    orderId: toOrderId(20),
    clientOrderId: '',
    filledLots: 0,
    filledAtoms: 0,
    remainingLots: 6_000,
  },
  state: 'closed',
  closeReason: 'liquidation',
};
const CAT = toAccountId(77);

/** `at` 3, or later with everything that is counted by it. */
function fillFlush(at: number): StateDiff {
  const sequence = toSequence(at);
  const [ann] = fullAt(1).accounts;
  return {
    ...emptyStateDiff(headAt(at)),
    levels: [{ marketId: BTC, side: 'buy', priceTicks: 599_000, sizeLots: 3_000 }],
    accounts: [
      { ...(ann as NonNullable<typeof ann>), positions: [{ ...POSITION, sizeLots: 12_000 }] },
      { ...(ann as NonNullable<typeof ann>), accountId: CAT, owner: STRANGER, mainAccountId: CAT, positions: [] },
    ],
    trades: [{ ...TRADE, sequence, tradeId: at + 9 }],
    fills: [
      { ...FILL, sequence, tradeId: at + 9 },
      { ...FILL, sequence, tradeId: at + 9, accountId: CAT, orderId: toOrderId(30), side: 'sell', role: 'taker' },
    ],
    orderUpdates: [
      { ...PARTLY, sequence },
      { ...LIQUIDATED, sequence },
    ],
  };
}
const POSITION = { marketId: BTC, sizeLots: 12_000, entryNotionalAtoms: 7_098_000_000, fundingIndex: 0 };

describe('what channels go on with', () => {
  beforeEach(start);
  afterEach(stop);
  test('a fill of a resting order: tape, book, best prices, fills, orders, events, account', async () => {
    const client = await open();
    const channels = ['orderUpdates', 'userFills', 'userEvents', 'clearinghouseState'];
    for (const type of channels) await client.subscribe({ type, user: OWNER });
    for (const type of ['trades', 'l2Book', 'bbo']) await client.subscribe({ type, coin: 'BTC' });
    for (const type of ['userFills', 'clearinghouseState', 'trades', 'l2Book', 'bbo']) await client.data(type, 1);
    await sleep(200);
    await exchange.writer.write(fillFlush(3));
    expect((await client.data('trades', 2))[1]).toEqual([
      {
        coin: 'BTC',
        side: 'A',
        px: '59900',
        sz: '0.02',
        time: 1_000_003,
        hash: `0x${'3'.padStart(64, '0')}`,
        tid: 12,
        users: [OWNER, STRANGER],
      },
    ]);
    expect((await client.data('l2Book', 2))[1]).toEqual({
      coin: 'BTC',
      time: 1_000_003,
      levels: [
        [
          { px: '59900', sz: '0.03', n: 1 },
          { px: '59800', sz: '1', n: 1 },
        ],
        [{ px: '60100.5', sz: '0.00001', n: 1 }],
      ],
    });
    expect((await client.data('bbo', 2))[1]).toMatchObject({ bbo: [{ px: '59900', sz: '0.03' }, { px: '60100.5' }] });
    const fill = {
      coin: 'BTC',
      px: '59900',
      sz: '0.02',
      side: 'B',
      time: 1_000_003,
      startPosition: '0.1',
      dir: 'Open Long',
      closedPnl: '0',
      hash: `0x${'3'.padStart(64, '0')}`,
      oid: 7,
      crossed: false,
      fee: '-0.0599',
      tid: 12,
      feeToken: 'USDC',
      twapId: null,
      cloid: CLOID,
    };
    expect((await client.data('userFills', 2))[1]).toEqual({ user: OWNER, fills: [fill] });
    expect(await client.data('orderUpdates', 1)).toEqual([
      [
        {
          order: {
            coin: 'BTC',
            side: 'B',
            limitPx: '59900',
            sz: '0.03',
            oid: 7,
            timestamp: 5,
            origSz: '0.06',
            cloid: CLOID,
            avgPx: '59900',
          },
          status: 'open',
          statusTimestamp: 1_000_003,
        },
        {
          order: { coin: 'BTC', side: 'B', limitPx: '59900', sz: '0.06', oid: 20, timestamp: 5, origSz: '0.06' },
          status: 'liquidatedCanceled',
          statusTimestamp: 1_000_003,
        },
      ],
    ]);
    expect(await client.data('user', 2)).toEqual([{ fills: [fill] }, { nonUserCancel: [{ coin: 'BTC', oid: 20 }] }]);
    expect((await client.data('clearinghouseState', 2))[1]).toMatchObject({
      clearinghouseState: { assetPositions: [{ position: { coin: 'BTC', szi: '0.12' } }] },
    });
  });

  test('funding and money in the shapes of their first frames, without isSnapshot', async () => {
    const client = await open();
    for (const type of ['userFundings', 'userNonFundingLedgerUpdates', 'user'])
      await client.subscribe({ type, user: OWNER });
    for (const type of ['userFundings', 'userNonFundingLedgerUpdates']) await client.data(type, 1);
    const at = { accountId: ACCOUNT, timeMs: 1_000_003, sequence: toSequence(3) };
    await exchange.writer.write({
      ...emptyStateDiff(headAt(3)),
      fundingPayments: [
        { ...at, marketId: BTC, sizeLots: -10_000, amountAtoms: -750_000, fundingIndex: 1, ratePpb: 12_500 },
      ],
      ledger: [
        {
          ...at,
          event: { kind: 'depositCredited', depositIndex: 1, accountId: ACCOUNT, assetId: 0, amountAtoms: 7_000_000 },
        },
      ],
    });
    const funding = {
      time: 1_000_003,
      coin: 'BTC',
      usdc: '0.75',
      szi: '-0.1',
      fundingRate: '0.0000125',
      nSamples: null,
    };
    expect((await client.data('userFundings', 2))[1]).toEqual({ user: OWNER, fundings: [funding] });
    expect(await client.data('user', 1)).toEqual([{ funding }]);
    expect((await client.data('userNonFundingLedgerUpdates', 2))[1]).toEqual({
      user: OWNER,
      nonFundingLedgerUpdates: [
        { time: 1_000_003, hash: `0x${'3'.padStart(64, '0')}`, delta: { type: 'deposit', usdc: '7' } },
      ],
    });
  });

  test('a liquidation: each step that traded as an event, and one line of the ledger when it is over', async () => {
    const client = await open();
    for (const type of ['userNonFundingLedgerUpdates', 'userEvents']) await client.subscribe({ type, user: OWNER });
    await client.data('userNonFundingLedgerUpdates', 1);
    await sleep(100);
    const [{ event: closeOut }] = fullAt(1).history.liquidations as [LiquidationDoc];
    const about = {
      liquidationId: 8,
      accountId: ACCOUNT,
      equityAtoms: 90_000_000,
      maintenanceMarginAtoms: 120_000_000,
    };
    const step = (at: number, event: object): LiquidationDoc => ({
      sequence: toSequence(at),
      timeMs: 1_000_000 + at,
      event: { ...event, ...about } as LiquidationDoc['event'],
      certificateId: 0,
    });
    const trade = { ...closeOut, counterpartyId: 0 };
    await exchange.writer.write({
      ...emptyStateDiff(headAt(3)),
      liquidations: [step(3, { kind: 'liquidationStarted' }), step(3, trade)],
    });
    await exchange.writer.write({
      ...emptyStateDiff(headAt(4)),
      liquidations: [step(4, trade), step(4, { kind: 'liquidationEnded' })],
    });
    const liquidation = {
      lid: 8,
      liquidator: `0x${'00'.repeat(20)}`,
      liquidated_user: OWNER,
      liquidated_ntl_pos: '1477.5',
      liquidated_account_value: '90',
    };
    expect(await client.data('user', 2)).toEqual([{ liquidation }, { liquidation }]);
    expect((await client.data('userNonFundingLedgerUpdates', 2)).slice(1)).toEqual([
      {
        user: OWNER,
        nonFundingLedgerUpdates: [
          {
            time: 1_000_003,
            hash: `0x${'3'.padStart(64, '0')}`,
            delta: {
              type: 'liquidation',
              liquidatedNtlPos: '2955',
              accountValue: '90',
              leverageType: 'Cross',
              liquidatedPositions: [{ coin: 'BTC', szi: '0.05' }],
            },
          },
        ],
      },
    ]);
    const later = await open();
    await later.subscribe({ type: 'userNonFundingLedgerUpdates', user: OWNER });
    const [first] = (await later.data('userNonFundingLedgerUpdates', 1)) as { nonFundingLedgerUpdates: unknown[] }[];
    const lines = await ask({ type: 'userNonFundingLedgerUpdates', user: OWNER, startTime: 0 });
    expect(first?.nonFundingLedgerUpdates).toEqual(lines);
  });

  test('a book that changes all the time is sent once in 100 ms, and ends as it is', async () => {
    const client = await open();
    await client.subscribe({ type: 'l2Book', coin: 'BTC' });
    await client.data('l2Book', 1);
    const beginMs = performance.now();
    let sequence = 2;
    while (performance.now() - beginMs < 1_000) await exchange.writer.write(bidFlush(++sequence, sequence));
    const { levels } = (await ask({ type: 'l2Book', coin: 'BTC' })) as { levels: unknown };
    await until(() => JSON.stringify(client.heard.at(-1)?.data).includes(JSON.stringify(levels)));
    const frames = (await client.data('l2Book', 1)).length;
    expect(sequence).toBeGreaterThan(frames);
    expect(frames).toBeGreaterThan(3);
    expect(frames).toBeLessThan(2 + (performance.now() - beginMs) / 100);
  });

  test('a candle is told as it ended, then the one that began', async () => {
    const client = await open();
    await client.subscribe({ type: 'candle', coin: 'BTC', interval: '1m' });
    await client.data('candle', 1);
    const last = infoFlush().candles.findLast(({ interval }) => interval === '1m') as CandleDoc;
    const ended = { ...last, closeTicks: 600_000, trades: 3 };
    const began = { ...last, openTimeMs: last.openTimeMs + 60_000, openTicks: 600_100, trades: 1 };
    await exchange.writer.write({ ...emptyStateDiff(headAt(3)), candles: [ended, began] });
    expect((await client.data('candle', 3)).slice(1)).toMatchObject([
      { t: 1_080_000, T: 1_139_999, s: 'BTC', i: '1m', c: '60000', n: 3 },
      { t: 1_140_000, T: 1_199_999, s: 'BTC', i: '1m', o: '60010', n: 1 },
    ]);
  });

  test('best prices are not told when something else of the book changes', async () => {
    const client = await open();
    await client.subscribe({ type: 'bbo', coin: 'BTC' });
    await client.data('bbo', 1);
    const deep = { marketId: BTC, side: 'buy', priceTicks: 597_000, sizeLots: 5 } as const;
    await exchange.writer.write({ ...emptyStateDiff(headAt(3)), levels: [deep] });
    await exchange.writer.write(bidFlush(4, 7));
    const [, second] = await client.data('bbo', 2);
    expect(second).toMatchObject({ time: 1_000_004, bbo: [{ px: '59900', sz: '0.00007' }, { px: '60100.5' }] });
  });

  test('unsubscribed is silent, and a later subscription begins anew', async () => {
    const client = await open();
    await client.subscribe({ type: 'bbo', coin: 'BTC' });
    await client.data('bbo', 1);
    client.send({ method: 'unsubscribe', subscription: { type: 'bbo', coin: 'BTC' } });
    await client.data('subscriptionResponse', 2);
    await exchange.writer.write(bidFlush(3, 7));
    await heardOf(3);
    expect(await client.data('bbo', 1)).toHaveLength(1);
    await client.subscribe({ type: 'bbo', coin: 'BTC' });
    expect((await client.data('bbo', 2))[1]).toMatchObject({ bbo: [{ sz: '0.00007' }, {}] });
  });

  test('an account that is opened later is told to whoever waits for it', async () => {
    const client = await open();
    await client.subscribe({ type: 'userFills', user: STRANGER });
    await client.data('userFills', 1);
    await exchange.writer.write(fillFlush(3));
    expect((await client.data('userFills', 2))[1]).toMatchObject({
      user: STRANGER,
      fills: [{ side: 'A', crossed: true }],
    });
  });

  test('an agent that is approved while it waits is told its owner, and an account is told now and then all the same', async () => {
    const client = await open();
    const agent = `0x${'ab'.repeat(20)}` as const;
    await client.subscribe({ type: 'clearinghouseState', user: agent });
    await client.subscribe({ type: 'orderUpdates', user: agent });
    const first = await client.data('clearinghouseState', 1);
    // Nothing happened: it is the same once more.
    expect(await client.data('clearinghouseState', 2)).toEqual([...first, ...first]);
    const approvals = [{ agent, approvals: [{ accountId: ACCOUNT, expiresAtMs: 0 }] }];
    await exchange.writer.write({ ...emptyStateDiff(headAt(3)), approvals });
    const holds = (data: unknown): boolean => JSON.stringify(data).includes('"szi":"0.1"');
    await until(async () => (await client.data('clearinghouseState', 3)).some(holds));
    await sleep(100);
    await exchange.writer.write(fillFlush(4));
    await client.data('orderUpdates', 1);
  });

  test('Redis goes and comes back: what happened meanwhile is told once', async () => {
    const client = await open();
    for (const type of ['userFills', 'orderUpdates', 'userEvents']) await client.subscribe({ type, user: OWNER });
    await client.data('userFills', 1);
    await exchange.writer.write(fillFlush(3));
    await client.data('userFills', 2);
    await client.data('orderUpdates', 1);
    await exchange.killRedis();
    await exchange.restartRedis();
    const full = fullAt(4);
    const [before, after] = [fillFlush(3), fillFlush(4)];
    await exchange.writer.rebuild({
      ...full,
      history: {
        ...full.history,
        trades: [...before.trades, ...after.trades],
        fills: [...before.fills, ...after.fills],
        orderUpdates: [...before.orderUpdates, ...after.orderUpdates],
      },
    });
    const told = (await client.data('userFills', 3)) as { fills: { tid: number }[] }[];
    await sleep(300);
    expect(told.slice(1).map(({ fills: each }) => each.map(({ tid }) => tid))).toEqual([[12], [13]]);
    expect(client.heard.filter(({ channel }) => channel === 'userFills')).toHaveLength(3);
  });
});
