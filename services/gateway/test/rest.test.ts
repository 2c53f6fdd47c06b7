import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toAccountId, toOrderId } from '@keel/types';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderAnswer } from '../src/wire/answers.ts';
import { fieldsTooMuch } from './fieldsTooMuch.ts';
import { ACCOUNT, BTC, OWNER } from './readModelOf.ts';
import { signed, signedOrder } from './signedOrder.ts';
import { type Exchange, startExchange } from './startExchange.ts';

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly get?: {
          readonly responses: {
            readonly '200': { readonly content: Readonly<Record<'application/json', { schema: object }>> };
          };
        };
      }
    >
  >;
}

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

describe('reading', () => {
  /** By the route as the OpenAPI document names it. */
  const ASKED: Readonly<Record<string, readonly string[]>> = {
    '/v1/status': ['/v1/status'],
    '/v1/time': ['/v1/time'],
    '/v1/markets': ['/v1/markets'],
    '/v1/markets/{symbol}/book': ['/v1/markets/BTC-USD/book?depth=1'],
    '/v1/markets/{symbol}/bbo': ['/v1/markets/BTC-USD/bbo'],
    '/v1/markets/{symbol}/ticker': ['/v1/markets/BTC-USD/ticker'],
    '/v1/markets/{symbol}/book-orders': ['/v1/markets/BTC-USD/book-orders'],
    '/v1/markets/{symbol}/trades': ['/v1/markets/BTC-USD/trades'],
    '/v1/markets/{symbol}/candles': [
      '/v1/markets/BTC-USD/candles?interval=1m&limit=10',
      '/v1/markets/BTC-USD/candles?interval=1d',
    ],
    '/v1/markets/{symbol}/funding-rates': ['/v1/markets/BTC-USD/funding-rates'],
    '/v1/liquidations': ['/v1/liquidations?limit=5', `/v1/liquidations?account=${OWNER}&limit=1000`],
    '/v1/auctions': ['/v1/auctions'],
    '/v1/certificates': ['/v1/certificates'],
    '/v1/certificates/{certificateId}': ['/v1/certificates/11'],
    '/v1/collaterals': ['/v1/collaterals'],
    '/v1/prices/{feed}': ['/v1/prices/BTC-USD', '/v1/prices/collateral:WETH'],
    '/v1/batches': ['/v1/batches'],
    '/v1/accounts/{address}': [`/v1/accounts/${OWNER}`, `/v1/accounts/${OWNER}?subaccount=3`],
    '/v1/accounts/{address}/subaccounts': [`/v1/accounts/${OWNER}/subaccounts`],
    '/v1/accounts/{address}/budget': [`/v1/accounts/${OWNER}/budget`],
    '/v1/accounts/{address}/positions': [`/v1/accounts/${OWNER}/positions`],
    '/v1/accounts/{address}/orders': [`/v1/accounts/${OWNER}/orders`],
    '/v1/accounts/{address}/order': [`/v1/accounts/${OWNER}/order?orderId=7`],
    '/v1/accounts/{address}/order-history': [`/v1/accounts/${OWNER}/order-history`],
    '/v1/accounts/{address}/fills': [`/v1/accounts/${OWNER}/fills`],
    '/v1/accounts/{address}/funding': [`/v1/accounts/${OWNER}/funding`],
    '/v1/accounts/{address}/deposits': [`/v1/accounts/${OWNER}/deposits`],
    '/v1/accounts/{address}/withdrawals': [`/v1/accounts/${OWNER}/withdrawals`],
    '/v1/accounts/{address}/margin-events': [`/v1/accounts/${OWNER}/margin-events?limit=5`],
  };

  test('every route that reads answers what its schema says, with its headers, and no field that it does not name', async () => {
    const { paths } = (await exchange.get('/openapi.json')).body as unknown as OpenApi;
    const readable = Object.keys(paths).filter((path) => path.startsWith('/v1/') && paths[path]?.get !== undefined);
    expect(Object.keys(ASKED).toSorted()).toEqual(readable.toSorted());
    for (const [path, urls] of Object.entries(ASKED)) {
      const schema = paths[path]?.get?.responses['200'].content['application/json'].schema as TSchema;
      for (const url of urls) {
        const answer = await exchange.get(url);
        expect(answer.status, url).toBe(200);
        expect(Compile(schema).Errors(answer.body), url).toEqual([]);
        expect(fieldsTooMuch(schema, answer.body), url).toEqual([]);
        expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
        expect(answer.headers.get('ratelimit-limit')).toBe('100000');
        if ('sequence' in answer.body) expect(answer.headers.get('x-seq'), url).toBe(String(answer.body.sequence));
      }
    }
  });

  test('the book, best first, as decimals', async () => {
    const { body } = await exchange.get('/v1/markets/BTC-USD/book?depth=1');
    expect(body).toEqual({ sequence: 1, market: 'BTC-USD', bids: [['59900', '0.05']], asks: [['60100.5', '0.00001']] });
  });

  test('the status says beside each mark whether it is good and the market open', async () => {
    expect((await exchange.get('/v1/status')).body.markets).toMatchObject([
      { symbol: 'BTC-USD', mark: '60000', priceQuality: 'fresh', tradingStatus: 'open' },
    ]);
  });

  test('sums beyond the safe integers stay exact', async () => {
    expect((await exchange.get('/v1/status')).body.volume).toBe('9007199254.740993');
  });

  // By hand: long 0.1 BTC at 59,000, mark 60,000, collateral 1,000: PnL 100, equity 1,100, MM 2 % of 6,000 = 120.
  // IM 4 % on the worst size, 0.1 + 0.05 open buy = 0.15 BTC: 360. Withdrawable: 1,100 - max(360, 10 % of 6,000) = 500.
  // Liquidation where 1,000 + 0.1 p - 5,900 = 0.02 * 0.1 p: p = 4,900 / 0.098 = 50,000.
  test('an account, with the figures a trader would compute', async () => {
    const { body } = await exchange.get(`/v1/accounts/${OWNER.toUpperCase().replace('0X', '0x')}`);
    expect(body).toMatchObject({
      sequence: 1,
      address: OWNER,
      collateral: '1000',
      equity: '1100',
      initialMargin: '360',
      maintenanceMargin: '120',
      withdrawable: '500',
      positions: [
        {
          market: 'BTC-USD',
          size: '0.1',
          entryPrice: '59000',
          mark: '60000',
          notional: '6000',
          unrealisedPnl: '100',
          liquidationPrice: '50000',
        },
      ],
      openOrders: [{ orderId: '7', size: '0.06', remainingSize: '0.05', price: '59900', clientOrderId: 'mine' }],
    });
  });

  test('a liquidation names the address and what filled', async () => {
    const { body } = await exchange.get('/v1/liquidations');
    expect(body.liquidations[0]).toMatchObject({
      liquidationId: '3',
      stage: 'positionCloseOut',
      account: OWNER,
      market: 'BTC-USD',
      side: 'sell',
      size: '0.1',
      filledSize: '0.025',
      price: '59100',
      limitPrice: '59000',
      mark: '60000',
      equity: '-0.000001',
    });
  });

  test('liquidations of one account, whatever the case of its address; nobody else has any', async () => {
    const account = OWNER.toUpperCase().replace('0X', '0x');
    const own = await exchange.get(`/v1/liquidations?account=${account}`);
    expect(own.body.liquidations).toMatchObject([{ liquidationId: '3', account: OWNER }]);
    expect((await exchange.get(`/v1/liquidations?account=0x${'99'.repeat(20)}`)).body.liquidations).toEqual([]);
    expect((await exchange.get('/v1/liquidations?account=me')).body).toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('the page says how to build the terminal where there is none, under a strict policy', async () => {
    const { status, text, headers } = await exchange.get('/');
    expect(status).toBe(200);
    expect(text).toContain('npm test -- --only terminal');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('a built terminal is served with its assets, under the same policy, and nothing outside of it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'keel-terminal-'));
    await mkdir(join(directory, 'assets'));
    await writeFile(join(directory, 'index.html'), '<title>Terminal</title>');
    await writeFile(join(directory, 'assets/main.js'), 'start()');
    const built = await startExchange({ terminalDirectory: directory });
    const page = await built.get('/');
    expect([page.status, page.text]).toEqual([200, '<title>Terminal</title>']);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const script = await built.get('/assets/main.js');
    expect([script.text, script.headers.get('content-type')]).toEqual([
      'start()',
      'application/javascript; charset=utf-8',
    ]);
    expect((await built.get('/assets/..%2f..%2fetc/passwd')).status).toBe(404);
    expect((await built.get('/v1/nothing')).body.code).toBe('NOT_FOUND');
    await built.stop();
    await rm(directory, { recursive: true });
  });

  test('livez, readyz, metrics', async () => {
    expect((await exchange.get('/livez')).body).toEqual({ ok: true, reasons: [] });
    expect((await exchange.get('/readyz')).body).toEqual({ ok: true, reasons: [] });
    const { text } = await exchange.get('/metrics');
    for (const name of ['requests_total', 'ws_clients', 'commands_total', 'ack_seconds', 'signature_seconds'])
      expect(text).toContain(`keel_gateway_${name}`);
  });
});

describe('a good order', () => {
  test('reaches the log as it was signed and is answered from its events', async () => {
    const orderId = toOrderId(11);
    const fill = { makerFeeAtoms: 1, makerRealisedPnlAtoms: 0, takerRealisedPnlAtoms: -5, liquidation: false } as const;
    exchange.onCommand = (command) => {
      if (command.kind !== 'placeOrder') return [];
      const { auth: _, kind: __, ...terms } = command;
      const maker = { makerOrderId: toOrderId(1), makerAccountId: toAccountId(2), makerRemainingLots: 1 };
      const taker = { takerOrderId: orderId, takerAccountId: ACCOUNT, takerSide: 'buy', marketId: BTC } as const;
      return [
        { kind: 'orderAccepted', orderId, accountId: ACCOUNT, ...terms, linkedOrderId: 0, parentOrderId: 0 },
        {
          kind: 'orderFilled',
          tradeId: 5,
          priceTicks: 600_000,
          sizeLots: 10,
          takerFeeAtoms: 24,
          ...maker,
          ...taker,
          ...fill,
        },
        {
          kind: 'orderFilled',
          tradeId: 6,
          priceTicks: 600_001,
          sizeLots: 20,
          takerFeeAtoms: 48,
          ...maker,
          ...taker,
          ...fill,
        },
        { kind: 'orderRested', orderId, remainingLots: 70 },
      ];
    };
    const body = signedOrder();
    const answer = await exchange.post('/v1/orders', body);
    expect(answer.status).toBe(200);
    expect(Compile(orderAnswer).Errors(answer.body)).toEqual([]);
    expect(answer.body).toMatchObject({
      status: 'acked',
      durability: 'acked',
      orderId: '11',
      state: 'resting',
      filledSize: '0.0003',
      averagePrice: '60000.06666',
      remainingSize: '0.0007',
      fills: [
        { tradeId: '5', price: '60000', size: '0.0001', fee: '0.000024', realisedPnl: '-0.000005' },
        { tradeId: '6', price: '60000.1', size: '0.0002', fee: '0.000048', realisedPnl: '-0.000005' },
      ],
    });
    expect(exchange.commands.at(-1)).toEqual({
      kind: 'placeOrder',
      auth: { owner: OWNER, subaccount: 0, signer: OWNER, nonce: 1_000, expiresAfterMs: 0, signature: body.signature },
      marketId: BTC,
      side: 'buy',
      orderType: 'limit',
      timeInForce: 'gtc',
      priceTicks: 600_005,
      sizeLots: 100,
      reduceOnly: false,
      clientOrderId: '',
      expiresAtMs: 0,
      displayLots: 0,
      selfTrade: 'expireMaker',
      selfTradeScope: 'account',
      trigger: undefined,
      attached: undefined,
    });
  });

  test('optional fields left out are signed with their defaults', async () => {
    const { timeInForce: _, reduceOnly: __, clientOrderId: ___, expiresAfter: ____, ...body } = signedOrder();
    const { status } = await exchange.post('/v1/orders', body);
    expect(status).toBe(200);
    expect(exchange.commands.at(-1)).toMatchObject({ auth: { signer: OWNER }, timeInForce: 'gtc' });
  });

  test.each([
    [
      '/v1/orders/cancel',
      { primaryType: 'CancelOrder', orderId: '7', clientOrderId: '' },
      { kind: 'cancelOrder', orderId: 7 },
    ],
    ['/v1/orders/cancel-all', { primaryType: 'CancelAllOrders', market: '' }, { kind: 'cancelAllOrders', marketId: 0 }],
    [
      '/v1/agents',
      { primaryType: 'ApproveAgent', agent: `0x${'ab'.repeat(20)}`, agentName: 'desk', agentExpiresAt: 9 },
      { kind: 'approveAgent', agentExpiresAtMs: 9 },
    ],
    ['/v1/agents/revoke', { primaryType: 'RevokeAgent', agent: `0x${'ab'.repeat(20)}` }, { kind: 'revokeAgent' }],
  ] as const)('%s', async (path, action, command) => {
    exchange.onCommand = () => [];
    const { status, body } = await exchange.post(
      path,
      signed({ ...action, account: OWNER, subaccount: 0, nonce: 5, expiresAfter: 6 }),
    );
    expect(status).toBe(200);
    expect(body.durability).toBe('acked');
    expect(exchange.commands.at(-1)).toMatchObject({
      ...command,
      auth: { signer: OWNER, nonce: 5, expiresAfterMs: 6 },
    });
  });

  test('/v1/withdrawals', async () => {
    exchange.onCommand = () => [
      {
        kind: 'withdrawalRequested',
        withdrawalIndex: 4,
        accountId: ACCOUNT,
        recipient: OWNER,
        assetId: 0,
        amountAtoms: 2_500_000,
      },
    ];
    const action = {
      primaryType: 'Withdraw',
      account: OWNER,
      subaccount: 0,
      recipient: OWNER,
      asset: 'USDC',
      amount: '2.5',
      nonce: 5,
      expiresAfter: 0,
    } as const;
    const { body } = await exchange.post('/v1/withdrawals', signed(action));
    expect(body).toMatchObject({ status: 'acked', withdrawalIndex: 4 });
    expect(exchange.commands.at(-1)).toMatchObject({ kind: 'withdraw', amountAtoms: 2_500_000 });
  });
});
