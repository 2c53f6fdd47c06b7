import { connect } from 'node:net';
import { crc32 } from 'node:zlib';
import { openSettlementWriter } from '@keel/redis';
import { REJECT_CODES, toOrderId, toSequence } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Heard, openSocket } from './openSocket.ts';
import { ACCOUNT, BTC, BTC_MARKET, bidFlush, fullAt, headAt, OWNER } from './readModelOf.ts';
import { signedOrder } from './signedOrder.ts';
import { type Exchange, factsOf, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await startExchange();
});
afterEach(() => exchange.stop());

const open = () => openSocket(exchange.port);
const BOOK = { channel: 'book', market: 'BTC-USD' };

describe('requests', () => {
  test('an order over the socket is the order over REST', async () => {
    const client = await open();
    const rejected = [{ kind: 'commandRejected', code: REJECT_CODES.INSUFFICIENT_MARGIN, accountId: ACCOUNT }] as const;
    exchange.onCommand = () => rejected;
    const { error } = await client.ask('order.place', signedOrder());
    expect(error).toMatchObject({ code: 'INSUFFICIENT_MARGIN', retryable: false, details: { sequence: 2 } });
    const overRest = await exchange.post('/v1/orders', signedOrder());
    expect(factsOf(overRest.body)).toEqual({ ...error, details: { sequence: 3 } });
    expect(exchange.commands[0]).toEqual(exchange.commands[1]);
    exchange.onCommand = () => [
      {
        kind: 'orderClosed',
        orderId: toOrderId(7),
        accountId: ACCOUNT,
        marketId: BTC,
        reason: 'cancelledByOwner',
        remainingLots: 1,
        code: 0,
      },
    ];
    const { signature, account, nonce, expiresAfter } = signedOrder();
    const cancel = await client.ask('order.cancel', {
      orderId: '7',
      clientOrderId: '',
      account,
      nonce,
      expiresAfter,
      signature,
    });
    expect(cancel.result).toMatchObject({ status: 'acked', cancelledOrderIds: ['7'] });
    expect((await client.ask('order.place', { ...signedOrder(), price: '1e5' })).error?.code).toBe('NOT_A_DECIMAL');
  });

  test.each([
    ['not JSON', '{"id":1', 'BAD_JSON', null],
    ['NaN', '{"id":1,"method":NaN}', 'BAD_JSON', null],
    ['a list', '[]', 'BAD_REQUEST', null],
    ['null', 'null', 'BAD_REQUEST', null],
    ['no method', '{"id":1}', 'BAD_REQUEST', 1],
    ['no id', '{"method":"ping"}', 'BAD_REQUEST', null],
    ['an id that no number holds', '{"id":1152921504606846977,"method":"ping"}', 'BAD_REQUEST', null],
    ['a field too much', '{"id":"a","method":"ping","now":true}', 'UNKNOWN_FIELD', 'a'],
    ['an unknown method', '{"id":1,"method":"steal"}', 'METHOD_NOT_FOUND', 1],
    ['a method named like a property', '{"id":1,"method":"constructor"}', 'METHOD_NOT_FOUND', 1],
    ['params that are a list', '{"id":1,"method":"ping","params":[1]}', 'BAD_REQUEST', 1],
    ['params too much', '{"id":1,"method":"ping","params":{"a":1}}', 'UNKNOWN_FIELD', 1],
    ['an unknown channel', '{"id":1,"method":"subscribe","params":{"channel":"x"}}', 'BAD_REQUEST', 1],
    ['no market', '{"id":1,"method":"subscribe","params":{"channel":"book"}}', 'BAD_REQUEST', 1],
    [
      'an unknown market',
      '{"id":1,"method":"subscribe","params":{"channel":"book","market":"X"}}',
      'MARKET_UNKNOWN',
      1,
    ],
    [
      'a market too much',
      '{"id":1,"method":"subscribe","params":{"channel":"status","market":"X"}}',
      'UNKNOWN_FIELD',
      1,
    ],
    [
      'no such account',
      `{"id":1,"method":"subscribe","params":{"channel":"account","account":"0x${'99'.repeat(20)}"}}`,
      'ACCOUNT_UNKNOWN',
      1,
    ],
  ])('%s', async (_, text, code, id) => {
    const client = await open();
    client.send(text);
    await until(() => client.heard.length === 1);
    expect(client.heard[0]).toMatchObject({ id, error: { code } });
    expect((await client.ask('ping')).result.timeMs).toBeGreaterThan(0);
  });

  test('a frame above 64 KiB closes the connection with the reason', async () => {
    const client = await open();
    client.send(JSON.stringify({ id: 1, method: 'x'.repeat(70_000) }));
    await until(() => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 1009, reason: 'a frame may have 64 KiB' });
  });

  test('eleven frames that are not JSON close it', async () => {
    const client = await open();
    for (let count = 0; count < 11; count += 1) client.send('nonsense');
    await until(() => client.closed !== undefined);
    expect(client.closed?.code).toBe(4000);
  });

  test('too fast: RATE_LIMITED, the connection stays', async () => {
    const slow = await startExchange({ messagesPerSecond: 2 });
    const client = await openSocket(slow.port);
    const codes = [];
    for (let count = 0; count < 3; count += 1) codes.push((await client.ask('ping')).error?.code);
    expect(codes).toEqual([undefined, undefined, 'RATE_LIMITED']);
    expect(client.closed).toBeUndefined();
    await slow.stop();
  });

  test('a client that goes on after RATE_LIMITED is closed, though a frame now and then is taken', async () => {
    const slow = await startExchange({ messagesPerSecond: 100 });
    const client = await openSocket(slow.port);
    for (let id = 0; id < 5_000; id += 1) client.send({ id, method: 'ping' });
    await until(() => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 4029, reason: 'went on after RATE_LIMITED' });
    await slow.stop();
  });

  test('the 101st subscription is refused', async () => {
    const client = await open();
    for (let count = 0; count < 100; count += 1) {
      const address = `0x${count.toString(16).padStart(40, '0')}` as const;
      await exchange.writer.write({
        ...bidFlush(count + 2, 1),
        accounts: [{ ...fullAt(1).accounts[0]!, accountId: (count + 2) as never, owner: address }],
      });
      expect((await client.ask('subscribe', { channel: 'account', account: address })).error).toBeUndefined();
    }
    expect((await client.ask('subscribe', BOOK)).error?.code).toBe('TOO_MANY_SUBSCRIPTIONS');
    await client.ask('unsubscribe', { channel: 'account', account: `0x${'0'.repeat(40)}` });
    expect((await client.ask('subscribe', BOOK)).error).toBeUndefined();
  });

  test('more clients than allowed are answered 503; another path 404', async () => {
    const small = await startExchange({ clientsMax: 1 });
    await openSocket(small.port);
    await expect(openSocket(small.port)).rejects.toThrow('503');
    await small.stop();
    const upgrade = 'GET /v2 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    const socket = connect(exchange.port, '127.0.0.1');
    socket.write(upgrade);
    let answer = '';
    socket.on('data', (data) => {
      answer += String(data);
    });
    await until(() => answer.startsWith('HTTP/1.1 404'));
    socket.destroy();
  });
});

describe('channels', () => {
  test('book: snapshot, then a chain of deltas; 0 = gone', async () => {
    const client = await open();
    await client.ask('subscribe', BOOK);
    await exchange.writer.write(bidFlush(2, 7));
    await exchange.writer.write({ ...bidFlush(3, 0), levels: [] });
    await exchange.writer.write(bidFlush(4, 0));
    await until(() => client.frames('book').length === 3);
    expect(client.frames('book').map((frame) => ({ ...frame, ts: 0 }))).toEqual([
      {
        ...BOOK,
        ts: 0,
        type: 'snapshot',
        seq: 1,
        data: {
          bids: [
            ['59900', '0.05'],
            ['59800', '1'],
          ],
          asks: [['60100.5', '0.00001']],
          checksum: crc32('59900:0.05,59800:1|60100.5:0.00001'),
        },
      },
      {
        ...BOOK,
        ts: 0,
        type: 'update',
        seq: 2,
        prevSeq: 1,
        data: {
          bids: [['59900', '0.00007']],
          asks: [],
          checksum: crc32('59900:0.00007,59800:1|60100.5:0.00001'),
        },
      },
      {
        ...BOOK,
        ts: 0,
        type: 'update',
        seq: 4,
        prevSeq: 2,
        data: { bids: [['59900', '0']], asks: [], checksum: crc32('59800:1|60100.5:0.00001') },
      },
    ]);
  });

  test('subscribers that come at any moment end with the same book and never see a gap', async () => {
    let writing = true;
    const flushes = (async () => {
      for (let sequence = 2; writing; sequence += 1) await exchange.writer.write(bidFlush(sequence, sequence));
    })();
    const clients = [];
    for (let count = 0; count < 20; count += 1) {
      const client = await open();
      await client.ask('subscribe', BOOK);
      clients.push(client);
    }
    writing = false;
    await flushes;
    const last = (await exchange.get('/v1/markets/BTC-USD/book')).body;
    for (const client of clients) {
      await until(() => client.frames('book').at(-1)?.seq === last.sequence);
      let seq: number | undefined;
      for (const frame of client.frames('book')) {
        if (frame.type === 'snapshot') expect(seq).toBeUndefined();
        else expect(frame.prevSeq).toBe(seq);
        expect(frame.data.bids[0]?.[1]).toBe(frame.seq === 1 ? '0.05' : bidText(frame.seq));
        seq = frame.seq;
      }
    }
  });

  test('markets, status, trades, liquidations, batches, account', async () => {
    const client = await open();
    for (const params of [
      { channel: 'markets' },
      { channel: 'status' },
      { channel: 'trades', market: 'BTC-USD' },
      { channel: 'liquidations' },
      { channel: 'batches' },
      { channel: 'account', account: OWNER },
    ]) {
      expect((await client.ask('subscribe', params)).result).toEqual({ ...params, resumed: false });
      await until(() => client.frames(params.channel).length === 1);
      expect(client.frames(params.channel)[0]?.type).toBe('snapshot');
    }
    const full = fullAt(2);
    await exchange.writer.write({
      ...bidFlush(2, 3),
      markets: [{ ...BTC_MARKET, markTicks: 610_000 }],
      accounts: [{ ...full.accounts[0]!, collateralAtoms: 2_000_000_000 }],
      trades: [{ ...full.history.trades[0]!, tradeId: 2, sequence: toSequence(2) }],
      fills: [
        {
          tradeId: 2,
          accountId: ACCOUNT,
          orderId: toOrderId(7),
          marketId: BTC,
          side: 'buy',
          role: 'maker',
          priceTicks: 599_000,
          sizeLots: 1,
          feeAtoms: 1,
          realisedPnlAtoms: 0,
          timeMs: 5,
          sequence: toSequence(2),
          liquidation: false,
          clientOrderId: 'mine',
          startLots: 0,
        },
      ],
      liquidations: [{ ...full.history.liquidations[0]!, sequence: toSequence(2) }],
      exchange: { ...full.exchange, tradesTotal: 2 },
    });
    const settler = await openSettlementWriter(exchange.redisUrl);
    const root = headAt(1).stateRoot;
    await settler.putBatch(
      {
        batchIndex: 0,
        prevBatchHash: root,
        batchHash: root,
        firstSequence: toSequence(1),
        lastSequence: toSequence(2),
        timeMs: 1,
        stateRoot: root,
        commandsRoot: root,
        withdrawalsRoot: root,
        withdrawalCount: 0,
        nextDepositIndex: 0,
        nextWithdrawalIndex: 0,
        status: 'submitted',
        l1TxHash: root,
        l1BlockNumber: null,
      },
      [],
    );
    await settler.close();
    for (const channel of ['markets', 'status', 'trades', 'liquidations', 'batches', 'account'])
      await until(() => client.frames(channel).length >= 2);
    const update = (channel: string) => client.frames(channel)[1] as Heard;
    expect(update('markets').data.markets[0]).toMatchObject({ symbol: 'BTC-USD', mark: '61000' });
    expect(update('trades')).toMatchObject({ type: 'update', seq: 2, data: { trades: [{ tradeId: '2' }] } });
    expect(update('liquidations').data.liquidations).toMatchObject([{ account: OWNER, sequence: 2 }]);
    expect(update('batches').data.batches).toMatchObject([{ batchIndex: 0, status: 'submitted' }]);
    expect(update('account')).toMatchObject({
      account: OWNER,
      type: 'update',
      seq: 2,
      data: { collateral: '2000', fills: [{ tradeId: '2', fee: '0.000001' }] },
    });
    await until(() => client.frames('status').at(-1)?.data.counters.trades === 2);
    await client.ask('unsubscribe', { channel: 'trades', market: 'BTC-USD' });
    await exchange.writer.write({
      ...bidFlush(3, 3),
      trades: [{ ...full.history.trades[0]!, tradeId: 3, sequence: toSequence(3) }],
    });
    await client.ask('subscribe', BOOK);
    await until(() => client.frames('book').at(-1)?.seq === 3);
    expect(client.frames('trades')).toHaveLength(2);
  });
});

describe('Redis lost', () => {
  test('orders go on; subscribers get a fresh snapshot when it is back', async () => {
    const client = await open();
    await client.ask('subscribe', BOOK);
    await exchange.killRedis();
    await until(async () => (await exchange.get('/readyz')).status === 503);
    const order = await client.ask('order.cancelAll', {
      market: '',
      account: OWNER,
      nonce: 1,
      signature: signedOrder().signature,
    });
    expect(order.result.status).toBe('acked');
    const late = await open();
    expect((await late.ask('subscribe', BOOK)).error).toMatchObject({
      code: 'READ_MODEL_UNAVAILABLE',
      retryable: true,
    });
    await exchange.restartRedis();
    await exchange.writer.rebuild(fullAt(9));
    await until(() => client.frames('book').length === 2);
    expect(client.frames('book')[1]).toMatchObject({ type: 'snapshot', seq: 9 });
    await exchange.writer.write(bidFlush(10, 4));
    await until(() => client.frames('book').length === 3);
    expect(client.frames('book')[2]).toMatchObject({ type: 'update', seq: 10, prevSeq: 9 });
  });

  test('emptied and rebuilt: the same', async () => {
    const client = await open();
    await client.ask('subscribe', BOOK);
    await exchange.writer.rebuild(fullAt(5));
    await until(() => client.frames('book').length === 2);
    expect(client.frames('book')[1]).toMatchObject({ type: 'snapshot', seq: 5 });
  });
});

describe('clients that do not behave', () => {
  test('a client that vanishes with orders under way harms nobody', async () => {
    let release: (() => void) | undefined;
    exchange.onCommand = () =>
      new Promise((resolve) => {
        release = () => resolve([]);
      });
    const client = await open();
    await client.ask('subscribe', BOOK);
    client.send({ id: 99, method: 'order.place', params: signedOrder() });
    await until(() => release !== undefined);
    client.socket.terminate();
    release?.();
    await exchange.writer.write(bidFlush(2, 1));
    const metrics = async () => (await exchange.get('/metrics')).text;
    await until(async () => /ws_clients\{[^}]*\} 0/.test(await metrics()));
    expect((await exchange.get('/livez')).status).toBe(200);
  });

  test('stopping says goodbye', async () => {
    const client = await open();
    await exchange.gateway.close();
    await until(() => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 1001, reason: 'the gateway is stopping' });
  });
});

function bidText(lots: number): string {
  return `0.${String(lots).padStart(5, '0')}`.replace(/0+$/, '');
}
