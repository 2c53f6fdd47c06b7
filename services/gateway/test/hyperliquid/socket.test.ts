import { setTimeout as sleep } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWNER } from '../readModelOf.ts';
import { type Exchange, startExchange, until } from '../startExchange.ts';
import { AGENT, STRANGER } from './infoData.ts';
import { openHyperliquidSocket } from './openHyperliquidSocket.ts';
import { askInfo, startChannels } from './startChannels.ts';

let exchange: Exchange;
const start = async (): Promise<void> => {
  exchange = await startChannels();
};
const stop = () => exchange?.stop();
const open = () => openHyperliquidSocket(exchange.port);
const ask = (body: object) => askInfo(exchange, body);

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
