import { hashAction, keelDomain, recoverSigner, type SignableAction } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KeelClient } from '../src/index.ts';
import { ExchangeDouble } from './exchangeDouble.ts';

const KEY: Hex = `0x${'1'.repeat(64)}`;
const SETTLEMENT = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const DOMAIN = keelDomain(31_337, SETTLEMENT);
const AGENT = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
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

describe('every signed request goes to its own path, with the fields that are signed', () => {
  test.each<[string, SignableAction['primaryType'], (c: KeelClient) => Promise<unknown>]>([
    [
      '/v1/orders',
      'PlaceOrder',
      (c) => c.placeOrder({ market: 'BTC-USD', side: 'buy', price: '22196.5', size: '0.5' }),
    ],
    ['/v1/orders/cancel', 'CancelOrder', (c) => c.cancelOrder('17')],
    ['/v1/orders/cancel-all', 'CancelAllOrders', (c) => c.cancelAll()],
    ['/v1/agents', 'ApproveAgent', (c) => c.approveAgent({ agent: AGENT, agentName: 'desk' })],
    ['/v1/agents/revoke', 'RevokeAgent', (c) => c.revokeAgent(AGENT)],
    ['/v1/withdrawals', 'Withdraw', (c) => c.withdraw({ amount: '12.5' })],
  ])('%s', async (path, primaryType, act) => {
    expect(await act(client)).toMatchObject({ status: 'acked', sequence: 7 });
    const [posted] = exchange.posted;
    expect(posted?.path).toBe(path);
    expect(posted?.body.account).toBe(client.address);
    expect(signerOf(primaryType, posted?.body ?? {})).toBe(client.address);
  });
});

test.each([
  [{ price: '1' }, { orderType: 'limit', timeInForce: 'gtc', price: '1', reduceOnly: false, clientOrderId: '' }],
  [{}, { orderType: 'market', timeInForce: 'ioc', price: '0' }],
  [{ price: '1', orderType: 'market' } as const, { orderType: 'market', timeInForce: 'ioc', price: '1' }],
  [
    { price: '1', timeInForce: 'postOnly', clientOrderId: 'a' } as const,
    { timeInForce: 'postOnly', clientOrderId: 'a' },
  ],
])('what %o leaves open is filled in', async (given, sent) => {
  await client.placeOrder({ market: 'BTC-USD', side: 'sell', size: '2', ...given });
  expect(exchange.posted[0]?.body).toMatchObject({ side: 'sell', size: '2', expiresAfter: 0, ...sent });
});

test('an order over WebSocket carries the same body', async () => {
  exchange.onAsk = () => ({ result: { status: 'acked', orderId: '5' } });
  const order = { market: 'BTC-USD', side: 'buy', price: '1', size: '1' } as const;
  expect(await client.placeOrder(order, { over: 'ws', expiresAfter: 99 })).toMatchObject({ orderId: '5' });
  const [asked] = exchange.asked;
  expect(asked?.method).toBe('order.place');
  expect(asked?.params).toMatchObject({ expiresAfter: 99 });
  expect(signerOf('PlaceOrder', asked?.params ?? {})).toBe(client.address);
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
  const refusal = { code: 'INSUFFICIENT_MARGIN', message: 'too little', retryable: false, details: { needed: '5' } };

  test('a refusal keeps its code and details, over both transports', async () => {
    answer(422, JSON.stringify({ error: refusal, requestId: 'r' }));
    exchange.onAsk = () => ({ error: refusal });
    const facts = { code: refusal.code, retryable: false, details: refusal.details };
    await expect(client.placeOrder(order)).rejects.toMatchObject({ name: 'KeelError', ...facts });
    await expect(client.placeOrder(order, { over: 'ws' })).rejects.toMatchObject(facts);
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
