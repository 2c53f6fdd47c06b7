import { hashAction, keelDomain, recoverSigner, type SignableAction } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KeelClient, type NewOrder, type SubmitOptions } from '../src/index.ts';
import { ExchangeDouble } from './exchangeDouble.ts';

const KEY: Hex = `0x${'1'.repeat(64)}`;
const SETTLEMENT = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const DOMAIN = keelDomain(31_337, SETTLEMENT);
const AGENT = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
/** What the gateway's README promises to take. */
const GATEWAY_FRAME_BYTES_MAX = 64 * 1024;
const STATUS = JSON.stringify({ network: { chainId: 31_337, settlement: SETTLEMENT, usdc: SETTLEMENT } });

let exchange: ExchangeDouble;
let url: string;
let client: KeelClient;

beforeEach(async () => {
  exchange = new ExchangeDouble();
  exchange.onHttp = (path) => (path === '/v1/status' ? [200, STATUS] : [200, '{"status":"acked","sequence":7}']);
  url = await exchange.listen();
  client = new KeelClient({ url, privateKey: KEY, timeoutMs: 2_000 });
});
afterEach(async () => {
  client.close();
  await exchange.close();
});

function signerOf(primaryType: SignableAction['primaryType'], body: Record<string, unknown>): string {
  const { signature, ...fields } = body;
  return recoverSigner(hashAction(DOMAIN, { primaryType, ...fields } as SignableAction), String(signature));
}

const ORDER = { market: 'BTC-USD', side: 'buy', price: '22196.5', size: '0.5' } as const;
const AMENDMENT = { order: '17', market: 'BTC-USD', price: '22200', size: '0.25' } as const;
const SCALE = {
  market: 'BTC-USD',
  side: 'buy',
  size: '5',
  fromPrice: '22000',
  toPrice: '21000',
  orderCount: 5,
} as const;
const TWAP = { market: 'BTC-USD', side: 'sell', size: '3', durationMs: 600_000, slices: 60 } as const;
const TAKING = { market: 'BTC-USD', auctionId: 4, size: '0.5', price: '22000' } as const;
const PROTECTION = { market: 'BTC-USD', windowMs: 1_000, quantity: '2.5' } as const;

/** Path and method of every signed request, its type, and a call that sends it. `undefined`: over REST only. */
const REQUESTS: readonly (readonly [
  path: string,
  method: string | undefined,
  primaryType: SignableAction['primaryType'],
  act: (c: KeelClient, options: SubmitOptions) => Promise<unknown>,
])[] = [
  ['/v1/orders', 'order.place', 'PlaceOrder', (c, how) => c.placeOrder(ORDER, how)],
  ['/v1/orders/batch', 'order.placeBatch', 'PlaceOrders', (c, how) => c.placeOrders([ORDER, ORDER], how)],
  ['/v1/orders/scale', 'order.placeScale', 'PlaceScale', (c, how) => c.placeScale(SCALE, how)],
  ['/v1/orders/twap', 'order.placeTwap', 'PlaceTwap', (c, how) => c.placeTwap(TWAP, how)],
  ['/v1/orders/amend', 'order.amend', 'AmendOrder', (c, how) => c.amendOrder(AMENDMENT, how)],
  ['/v1/orders/amend-batch', 'order.amendBatch', 'AmendOrders', (c, how) => c.amendOrders([AMENDMENT], how)],
  ['/v1/orders/replace', 'order.replace', 'ReplaceOrder', (c, how) => c.replaceOrder('17', ORDER, how)],
  ['/v1/orders/cancel', 'order.cancel', 'CancelOrder', (c, how) => c.cancelOrder('17', how)],
  ['/v1/orders/cancel-batch', 'order.cancelBatch', 'CancelOrders', (c, how) => c.cancelOrders(['17', '18'], how)],
  ['/v1/orders/cancel-all', 'order.cancelAll', 'CancelAllOrders', (c, how) => c.cancelAll('', how)],
  ['/v1/orders/cancel-all-after', 'order.cancelAllAfter', 'CancelAllAfter', (c, how) => c.cancelAllAfter(5_000, how)],
  [
    '/v1/market-maker-protection',
    'protection.set',
    'SetMarketMakerProtection',
    (c, how) => c.setMarketMakerProtection(PROTECTION, how),
  ],
  [
    '/v1/market-maker-protection/reset',
    'protection.reset',
    'ResetMarketMakerProtection',
    (c, how) => c.resetMarketMakerProtection('BTC-USD', how),
  ],
  ['/v1/agents', undefined, 'ApproveAgent', (c) => c.approveAgent({ agent: AGENT, agentName: 'desk' })],
  ['/v1/agents/revoke', undefined, 'RevokeAgent', (c) => c.revokeAgent(AGENT)],
  ['/v1/withdrawals', undefined, 'Withdraw', (c) => c.withdraw({ amount: '12.5' })],
  ['/v1/transfers', undefined, 'Transfer', (c) => c.transfer({ toSubaccount: 3, amount: '1', asset: 'WETH' })],
  [
    '/v1/safety-funds',
    undefined,
    'FundSafety',
    (c) => c.fundSafety({ market: 'BTC-USD', fund: 'insurance', amount: '5' }),
  ],
  ['/v1/leverage', 'leverage.set', 'SetLeverage', (c, how) => c.setLeverage('BTC-USD', 5, how)],
  ['/v1/liquidators', 'liquidator.register', 'RegisterLiquidator', (c, how) => c.registerLiquidator(true, how)],
  ['/v1/auctions/take', 'auction.take', 'TakeAuction', (c, how) => c.takeAuction(TAKING, how)],
];

describe('every signed request goes to its own path, with the fields that are signed', () => {
  test.each(REQUESTS)('%s', async (path, _, primaryType, act) => {
    expect(await act(client, {})).toMatchObject({ status: 'acked', sequence: 7 });
    const [posted] = exchange.posted;
    expect(posted?.path).toBe(path);
    expect(posted?.body.account).toBe(client.address);
    expect(signerOf(primaryType, posted?.body ?? {})).toBe(client.address);
  });
});

describe('the same over WebSocket, under its own method', () => {
  test.each(REQUESTS.filter(([, method]) => method !== undefined))('%s as %s', async (_, method, primaryType, act) => {
    exchange.onAsk = () => ({ result: { status: 'acked', sequence: 8 } });
    expect(await act(client, { over: 'ws', expiresAfter: 99 })).toMatchObject({ sequence: 8 });
    const [asked] = exchange.asked;
    expect(asked?.method).toBe(method);
    expect(asked?.params).toMatchObject({ expiresAfter: 99 });
    expect(signerOf(primaryType, asked?.params ?? {})).toBe(client.address);
    expect(exchange.posted).toEqual([]);
  });
});

describe("which of the owner's accounts", () => {
  const sub = () => new KeelClient({ url, privateKey: KEY, subaccount: 3 });

  test.each(REQUESTS)(
    '%s is signed for the main account, or for the one that the client acts for',
    async (path, _, type, act) => {
      await act(client, {});
      const other = sub();
      await act(other, {});
      // Agents act for all accounts of the owner and are kept on the main one.
      const expected = path.startsWith('/v1/agents') ? 0 : 3;
      expect(exchange.posted.map(({ body }) => body.subaccount)).toEqual([0, expected]);
      expect(signerOf(type, exchange.posted[1]?.body ?? {})).toBe(client.address);
      other.close();
    },
  );

  test('a request may name another, and reading its own address is reading that account', async () => {
    const asked: string[] = [];
    exchange.onHttp = (path) => {
      asked.push(path);
      return [200, path === '/v1/status' ? STATUS : '{"status":"acked","sequence":7,"accounts":[],"marginEvents":[]}'];
    };
    const other = sub();
    await other.cancelAll('', { subaccount: 5 });
    expect(exchange.posted[0]?.body.subaccount).toBe(5);
    await other.account();
    await other.account(AGENT);
    await other.account(AGENT, 130);
    await other.fills();
    await other.marginEvents();
    await other.accounts();
    const own = `/v1/accounts/${client.address}`;
    expect(asked.filter((path) => path.startsWith('/v1/accounts'))).toEqual([
      `${own}?subaccount=3`,
      `/v1/accounts/${AGENT}?subaccount=0`,
      `/v1/accounts/${AGENT}?subaccount=130`,
      `${own}/fills?limit=100&subaccount=3`,
      `${own}/margin-events?limit=100&subaccount=3`,
      `${own}/subaccounts`,
    ]);
    other.close();
  });
});

test('certificates and auctions are asked for by what they belong to', async () => {
  const asked: string[] = [];
  exchange.onHttp = (path) => {
    asked.push(path);
    return [200, '{"certificates":[],"auctions":[],"collaterals":[]}'];
  };
  await client.certificates();
  await client.certificates({ liquidationId: '7' }, 5);
  await client.certificates({ account: AGENT, subaccount: 2 });
  await client.certificate(9);
  await client.auctions(3);
  await client.collaterals();
  await client.priceReports('collateral:WETH');
  expect(asked).toEqual([
    '/v1/certificates?limit=20',
    '/v1/certificates?limit=5&liquidation=7',
    `/v1/certificates?limit=20&account=${AGENT}&subaccount=2`,
    '/v1/certificates/9',
    '/v1/auctions?limit=3',
    '/v1/collaterals',
    '/v1/prices/collateral%3AWETH',
  ]);
});

const NOTHING_SPECIAL = {
  reduceOnly: false,
  clientOrderId: '',
  expiresAt: 0,
  displaySize: '0',
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  triggerKind: '',
  triggerPrice: '0',
  trail: '0',
  takeProfitTrigger: '0',
  takeProfitPrice: '0',
  stopLossTrigger: '0',
  stopLossPrice: '0',
};

test.each<[Partial<NewOrder>, object]>([
  [{ price: '1' }, { orderType: 'limit', timeInForce: 'gtc', price: '1', ...NOTHING_SPECIAL }],
  [{}, { orderType: 'market', timeInForce: 'ioc', price: '0', ...NOTHING_SPECIAL }],
  [
    { price: '1', orderType: 'market' },
    { orderType: 'market', timeInForce: 'ioc', price: '1' },
  ],
  [{ timeInForce: 'fok' }, { orderType: 'market', timeInForce: 'fok' }],
  [
    { price: '1', timeInForce: 'postOnly', clientOrderId: 'a' },
    { timeInForce: 'postOnly', clientOrderId: 'a' },
  ],
  [
    { price: '1', expiresAt: 77 },
    { timeInForce: 'gtt', expiresAt: 77 },
  ],
  [
    { price: '1', displaySize: '0.2', selfTrade: 'decrement', selfTradeScope: 'owner' },
    { displaySize: '0.2', selfTrade: 'decrement', selfTradeScope: 'owner' },
  ],
  [
    { reduceOnly: true, trigger: { kind: 'stop', price: '9' } },
    { orderType: 'market', timeInForce: 'ioc', reduceOnly: true, triggerKind: 'stop', triggerPrice: '9', trail: '0' },
  ],
  [
    { price: '1', trigger: { kind: 'takeProfit', price: '9' } },
    { orderType: 'limit', timeInForce: 'gtc', triggerKind: 'takeProfit', triggerPrice: '9', trail: '0' },
  ],
  [{ trigger: { kind: 'trailingStop', trail: '3' } }, { triggerKind: 'trailingStop', triggerPrice: '0', trail: '3' }],
  [
    { price: '5', takeProfit: { trigger: '6' }, stopLoss: { trigger: '4', price: '3.5' } },
    { takeProfitTrigger: '6', takeProfitPrice: '0', stopLossTrigger: '4', stopLossPrice: '3.5' },
  ],
])('what %o leaves open is filled in', async (given, sent) => {
  await client.placeOrder({ market: 'BTC-USD', side: 'sell', size: '2', ...given });
  expect(exchange.posted[0]?.body).toMatchObject({ side: 'sell', size: '2', expiresAfter: 0, ...sent });
});

test('a batch stands alone unless it is said to be one or the other', async () => {
  await client.placeOrders([ORDER]);
  await client.placeOrders([ORDER, { ...ORDER, trigger: { kind: 'stop', price: '9' } }], {
    grouping: 'oneCancelsOther',
  });
  const [alone, pair] = exchange.posted.map(({ body }) => body);
  expect(alone).toMatchObject({ grouping: 'none', orders: [{ ...ORDER, orderType: 'limit', ...NOTHING_SPECIAL }] });
  expect(pair).toMatchObject({ grouping: 'oneCancelsOther', orders: [{ triggerKind: '' }, { triggerKind: 'stop' }] });
});

test('a batch with refused items resolves: each item says what became of it', async () => {
  const error = { code: 'POST_ONLY_WOULD_CROSS', message: 'no', retryable: false, details: {} };
  const answer = { status: 'acked', sequence: 7, timeMs: 1, items: [{ orderId: '5', state: 'resting' }, { error }] };
  exchange.onHttp = (path) => [200, path === '/v1/status' ? STATUS : JSON.stringify(answer)];
  const { items } = await client.placeOrders([ORDER, ORDER]);
  expect(items.map((item) => ('error' in item ? item.error.code : item.orderId))).toEqual(['5', error.code]);
});

test('a scale is a limit order without a price of its own', async () => {
  await client.placeScale({ ...SCALE, timeInForce: 'postOnly', skewPpm: 2_000_000 });
  await client.placeScale(SCALE);
  const [skewed, even] = exchange.posted.map(({ body }) => body);
  expect(skewed).toMatchObject({
    order: { orderType: 'limit', timeInForce: 'postOnly', price: '0', size: '5' },
    fromPrice: '22000',
    toPrice: '21000',
    orderCount: 5,
    skewPpm: 2_000_000,
  });
  expect(even).toMatchObject({ order: { timeInForce: 'gtc' }, skewPpm: 1_000_000 });
});

test('an order is named by its id, or with the id 0 by the name its owner gave it', async () => {
  await client.cancelOrder('17');
  await client.cancelOrder({ clientOrderId: 'a-1' });
  await client.cancelOrders([{ clientOrderId: 'a-1' }, '17']);
  await client.replaceOrder({ clientOrderId: 'a-1' }, ORDER);
  await client.amendOrder({ ...AMENDMENT, order: { clientOrderId: 'a-1' } });
  const byId = { orderId: '17', clientOrderId: '' };
  const byName = { orderId: '0', clientOrderId: 'a-1' };
  const wanted = [byId, byName, { orders: [byName, byId] }, { replaced: byName }, byName];
  expect(exchange.posted.map(({ body }) => body)).toMatchObject(wanted);
});

test('the bounds of a protection that are left out are none', async () => {
  await client.setMarketMakerProtection(PROTECTION);
  await client.setMarketMakerProtection({ market: 'BTC-USD', windowMs: 0 });
  const none = { quantity: '0', delta: '0', fillCount: 0 };
  expect(exchange.posted.map(({ body }) => body)).toMatchObject([
    { ...none, windowMs: 1_000, quantity: '2.5' },
    { ...none, windowMs: 0 },
  ]);
});

test('the largest batch fits into a frame of the gateway', async () => {
  const decimal = '123456789.123456';
  const order: NewOrder = {
    market: 'A'.repeat(16),
    side: 'sell',
    size: decimal,
    price: decimal,
    timeInForce: 'postOnlySlide',
    clientOrderId: '"'.repeat(36),
    expiresAt: Number.MAX_SAFE_INTEGER,
    displaySize: decimal,
    selfTrade: 'expireMaker',
    trigger: { kind: 'takeProfit', price: decimal },
    takeProfit: { trigger: decimal, price: decimal },
    stopLoss: { trigger: decimal, price: decimal },
  };
  await client.placeOrders(Array.from({ length: 50 }, () => order));
  expect(JSON.stringify(exchange.posted[0]?.body).length).toBeLessThan(GATEWAY_FRAME_BYTES_MAX);
});

test('an agent signs for the account it was given, and the domain is asked for once', async () => {
  const paths: string[] = [];
  exchange.onHttp = (path) => {
    paths.push(path);
    return path === '/v1/status' ? [200, STATUS] : [200, '{}'];
  };
  const agent = new KeelClient({ url, privateKey: KEY, account: AGENT });
  await agent.cancelAll('BTC-USD');
  await agent.cancelAll('BTC-USD');
  expect(exchange.posted.map(({ body }) => body.account)).toEqual([AGENT, AGENT]);
  expect(signerOf('CancelAllOrders', exchange.posted[0]?.body ?? {})).toBe(client.address);
  expect(paths.filter((path) => path === '/v1/status')).toHaveLength(1);
});

test('nonces rise within a millisecond and follow the clock after it', async () => {
  const nonces = [client.nextNonce(), client.nextNonce(), client.nextNonce()];
  expect(nonces[1]).toBeGreaterThan(nonces[0] ?? 0);
  expect(nonces[2]).toBeGreaterThan(nonces[1] ?? 0);
  expect(Math.abs((nonces[0] ?? 0) - Date.now())).toBeLessThan(60_000);
});

describe('errors', () => {
  const order = { market: 'BTC-USD', side: 'buy', price: '1', size: '1' } as const;
  const answer = (status: number, body: string): void => {
    exchange.onHttp = (path) => (path === '/v1/status' ? [200, STATUS] : [status, body]);
  };
  const facts = { code: 'INSUFFICIENT_MARGIN', number: 306, retryable: false, details: { needed: '5' } };

  test('a refusal keeps its code and details, over both transports', async () => {
    const problem = {
      ...facts,
      type: 'urn:keel:error:X',
      title: 'no',
      status: 422,
      detail: 'too little',
      requestId: 'r',
    };
    answer(422, JSON.stringify(problem));
    exchange.onAsk = () => ({ error: { ...facts, message: 'too little' } });
    const told = { name: 'KeelError', message: 'INSUFFICIENT_MARGIN: too little', ...facts };
    await expect(client.placeOrder(order)).rejects.toMatchObject({ ...told, requestId: 'r' });
    await expect(client.placeOrder(order, { over: 'ws' })).rejects.toMatchObject(told);
  });

  test.each([
    ['a connection cut after sending', 0, '', 'OUTCOME_UNKNOWN', true],
    ['a proxy in the way', 502, '<html>', 'OUTCOME_UNKNOWN', true],
    ['success that is no JSON', 200, 'hello', 'BAD_REPLY', false],
    ['a 404 of something else', 404, 'nope', 'BAD_REPLY', false],
  ])('%s', async (_, status, body, code, retryable) => {
    answer(status, body);
    await expect(client.placeOrder(order, { nonce: 42 })).rejects.toMatchObject({ code, retryable });
  });

  test('an unknown outcome names the nonce to repeat', async () => {
    answer(0, '');
    await expect(client.placeOrder(order, { nonce: 42 })).rejects.toMatchObject({ details: { nonce: 42 } });
  });

  test('a request whose connection is cut has an unknown outcome; the next one opens a new connection', async () => {
    exchange.onAsk = () => undefined;
    const pending = client.placeOrder(order, { over: 'ws', nonce: 43 });
    pending.catch(() => undefined);
    await vi.waitFor(() => expect(exchange.asked).toHaveLength(1));
    exchange.cut();
    await expect(pending).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { nonce: 43 } });
    exchange.onAsk = () => ({ result: { orderId: '6' } });
    expect(await client.placeOrder(order, { over: 'ws' })).toMatchObject({ orderId: '6' });
  });

  test('nobody there: the request never left', async () => {
    await client.domain();
    await exchange.close();
    await expect(client.placeOrder(order)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
    await expect(client.placeOrder(order, { over: 'ws' })).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(client.markets()).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  test('a client without a key reads but does not sign', async () => {
    const reader = new KeelClient({ url });
    await expect(reader.placeOrder(order)).rejects.toMatchObject({ code: 'NO_SIGNER' });
    expect(() => reader.address).toThrow('NO_SIGNER');
  });
});
