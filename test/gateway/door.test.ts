import { setTimeout as sleep } from 'node:timers/promises';
import { KeelClient, KeelError } from '@keel/client';
import { addressOfKey, keelDomain, type PlaceOrderAction } from '@keel/signing';
import type { Hex } from '@keel/types';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { PLAIN_ORDER } from '../plainOrder.ts';
import { signedBody } from '../signedBody.ts';
import { CHAIN_ID, type Door, SETTLEMENT, startDoor } from './startDoor.ts';

/** The gateway with the real sequencer behind it: every refusal here is decided by the engine. */
const domain = keelDomain(CHAIN_ID, SETTLEMENT);
const MAKER_KEY: Hex = `0x${'a1'.repeat(32)}`;
const TAKER_KEY: Hex = `0x${'a2'.repeat(32)}`;
const USDC = 1_000_000;

let door: Door;
let maker: KeelClient;
let taker: KeelClient;
let lastNonce = 0;

beforeAll(async () => {
  door = await startDoor();
  maker = new KeelClient({ url: door.url, privateKey: MAKER_KEY });
  taker = new KeelClient({ url: door.url, privateKey: TAKER_KEY });
  await door.deposit(maker.address, 100_000 * USDC);
  await door.deposit(taker.address, 10_000 * USDC);
  await door.price(1, 600_000);
});
afterAll(async () => {
  maker?.close();
  taker?.close();
  await door?.stop();
});

function nextNonce(): number {
  lastNonce = Math.max(Date.now(), lastNonce + 1);
  return lastNonce;
}

function order(changes: Partial<PlaceOrderAction> = {}, key: Hex = TAKER_KEY): Record<string, unknown> {
  const action: PlaceOrderAction = {
    primaryType: 'PlaceOrder',
    account: addressOfKey(TAKER_KEY),
    subaccount: 0,
    ...PLAIN_ORDER,
    market: 'BTC-USD',
    side: 'buy',
    price: '50000',
    size: '0.01',
    nonce: nextNonce(),
    expiresAfter: 0,
    ...changes,
  };
  return signedBody(domain, action, key);
}

async function post(path: string, body: unknown): Promise<{ status: number; code: string | undefined }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(door.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const { code } = (await response.json()) as { readonly code?: string };
  return { status: response.status, code };
}

/** An index price is good for ten seconds; orders that add risk need a fresh one. */
const refreshPrice = () => door.price(1, 600_000);

test('orders rest, trade, and show in book, trades, fills, account and on the channels', async () => {
  await refreshPrice();
  const levels: string[] = [];
  const following = taker.followBook('BTC-USD', (book) => {
    levels.push(JSON.stringify([book.bids(1), book.asks(1)]));
  });
  const accountFrames: { collateral: string; fills: unknown[] }[] = [];
  const account = taker.subscribe({ channel: 'account', account: taker.address }, (frame) => {
    accountFrames.push(frame.data as { collateral: string; fills: unknown[] });
  });
  await waitFor('snapshots', () => (levels.length > 0 && accountFrames.length > 0 ? true : undefined));

  const resting = await maker.placeOrder({ market: 'BTC-USD', side: 'sell', size: '0.1', price: '60010' });
  expect(resting).toMatchObject({ state: 'resting', filledSize: '0', averagePrice: null, durability: 'acked' });
  const crossed = await taker.placeOrder(
    { market: 'BTC-USD', side: 'buy', size: '0.04', price: '60100', timeInForce: 'ioc' },
    { over: 'ws' },
  );
  expect(crossed).toMatchObject({ state: 'filled', filledSize: '0.04', averagePrice: '60010', remainingSize: '0' });

  await waitFor('the channels', () =>
    levels.at(-1) === '[[],[["60010","0.06"]]]' && accountFrames.some((frame) => frame.fills.length === 1)
      ? true
      : undefined,
  );
  const book = await taker.book('BTC-USD');
  expect(book.asks).toEqual([['60010', '0.06']]);
  expect((await taker.trades('BTC-USD'))[0]).toMatchObject({ price: '60010', size: '0.04', takerSide: 'buy' });
  expect((await taker.fills()).fills[0]).toMatchObject({ side: 'buy', price: '60010', fee: '0.96016' });
  const view = await taker.account();
  expect(view.collateral).toBe('9999.03984');
  expect(view.positions).toMatchObject([{ market: 'BTC-USD', size: '0.04', entryPrice: '60010' }]);
  expect((await maker.account()).openOrders).toMatchObject([{ orderId: resting.orderId, remainingSize: '0.06' }]);
  account.close();
  following.close();
});

test.each([
  ['expired', () => order({ expiresAfter: 1 }), 422, 'COMMAND_EXPIRED'],
  ['signed by a stranger', () => order({}, `0x${'77'.repeat(32)}`), 403, 'SIGNER_NOT_AUTHORIZED'],
  ['changed after it was signed', () => ({ ...order(), size: '0.02' }), 403, 'SIGNER_NOT_AUTHORIZED'],
  ['of an account nobody opened', () => order({ account: `0x${'66'.repeat(20)}` }), 404, 'ACCOUNT_UNKNOWN'],
  ['nonce of 1970', () => order({ nonce: 5 }), 422, 'NONCE_TOO_OLD'],
  ['nonce of another year', () => order({ nonce: Date.now() + 400 * 86_400_000 }), 422, 'NONCE_TOO_NEW'],
  ['price above the market', () => order({ price: '1000000000' }), 422, 'PRICE_OUT_OF_RANGE'],
  ['size above the market', () => order({ size: '900000000' }), 422, 'SIZE_OUT_OF_RANGE'],
  ['below the smallest notional', () => order({ size: '0.00001' }), 422, 'NOTIONAL_TOO_SMALL'],
  [
    'market order that wants to rest',
    () => order({ orderType: 'market', timeInForce: 'postOnly' }),
    422,
    'ORDER_FLAGS_CONFLICT',
  ],
  [
    'post-only that would trade',
    () => order({ price: '60010', timeInForce: 'postOnly' }),
    422,
    'POST_ONLY_WOULD_CROSS',
  ],
  ['reduce-only that would increase', () => order({ reduceOnly: true }), 422, 'REDUCE_ONLY_WOULD_INCREASE'],
  ['more than its margin', () => order({ size: '90' }), 422, 'INSUFFICIENT_MARGIN'],
])('an order %s', async (_, body, status, code) => {
  await refreshPrice();
  expect(await post('/v1/orders', body())).toEqual({ status, code });
});

test('a nonce is good once, also when the first order was refused', async () => {
  await refreshPrice();
  const body = order();
  expect((await post('/v1/orders', body)).status).toBe(200);
  expect(await post('/v1/orders', body)).toEqual({ status: 409, code: 'NONCE_ALREADY_USED' });
});

test('cancel: once, by its owner, and all', async () => {
  await refreshPrice();
  const { orderId } = await taker.placeOrder({ market: 'BTC-USD', side: 'buy', size: '0.001', price: '50000' });
  await expect(maker.cancelOrder(orderId)).rejects.toMatchObject({ code: 'ORDER_NOT_YOURS' });
  expect(await taker.cancelOrder(orderId)).toMatchObject({ status: 'acked', cancelledOrderIds: [orderId] });
  await expect(taker.cancelOrder(orderId)).rejects.toMatchObject({ code: 'ORDER_UNKNOWN' });
  await taker.cancelAll();
  await waitFor('no open orders', async () => ((await taker.account()).openOrders.length === 0 ? true : undefined));
});

test('an agent trades for the account, never withdraws, and is nobody when revoked', async () => {
  await refreshPrice();
  const agentKey: Hex = `0x${'a9'.repeat(32)}`;
  const agent = new KeelClient({ url: door.url, privateKey: agentKey, account: taker.address });
  const terms = { market: 'BTC-USD', side: 'buy', size: '0.001', price: '50000' } as const;
  await expect(agent.placeOrder(terms)).rejects.toMatchObject({ code: 'SIGNER_NOT_AUTHORIZED' });
  await taker.approveAgent({ agent: addressOfKey(agentKey), agentName: 'desk' });
  expect((await agent.placeOrder(terms)).state).toBe('resting');
  await expect(agent.withdraw({ amount: '1' })).rejects.toMatchObject({ code: 'SIGNER_NOT_AUTHORIZED' });
  await waitFor('the agent in the read model', async () => {
    const view = await agent.account(addressOfKey(agentKey)).catch(() => undefined);
    return view?.address === taker.address ? true : undefined;
  });
  await taker.revokeAgent(addressOfKey(agentKey));
  await expect(agent.placeOrder(terms)).rejects.toMatchObject({ code: 'SIGNER_NOT_AUTHORIZED' });
  agent.close();
});

test('a withdrawal leaves the account; one of too much does not', async () => {
  const before = await taker.account();
  await expect(taker.withdraw({ amount: '1000000' })).rejects.toMatchObject({
    code: 'WITHDRAWAL_EXCEEDS_FREE_COLLATERAL',
  });
  expect(await taker.withdraw({ amount: '10' })).toMatchObject({ status: 'acked', withdrawalIndex: 0 });
  await waitFor('the account', async () =>
    Number((await taker.account()).collateral) === Number(before.collateral) - 10 ? true : undefined,
  );
});

test('Redis emptied, then killed: orders are acked all the while, and reading comes back whole', async () => {
  const before = await taker.account();
  const redis = new Redis(door.redisUrl);
  redis.on('error', () => undefined);
  await redis.flushall();
  redis.disconnect();
  await refreshPrice();
  await waitFor('the rebuilt account', async () => {
    const view = await taker.account();
    return view.collateral === before.collateral && view.openOrders.length === before.openOrders.length
      ? true
      : undefined;
  });

  const books: number[] = [];
  const following = taker.followBook('BTC-USD', (book) => books.push(book.sequence ?? -1));
  await waitFor('a book', () => (books.length > 0 ? true : undefined));
  await door.killRedis();
  await waitFor('reading to be refused', async () => {
    const fault = await taker.account().catch((caught: unknown) => caught);
    return fault instanceof KeelError && fault.code === 'READ_MODEL_UNAVAILABLE' ? true : undefined;
  });
  await refreshPrice();
  const placed = await taker.placeOrder({ market: 'BTC-USD', side: 'buy', size: '0.002', price: '49000' });
  expect(placed.durability).toBe('acked');
  await door.startRedis();
  await waitFor('the order in the read model', async () => {
    const { openOrders } = await taker.account();
    return openOrders.some(({ orderId }) => orderId === placed.orderId) ? true : undefined;
  });
  await waitFor('a fresh book', () => ((books.at(-1) ?? 0) >= placed.sequence ? true : undefined));
  following.close();
});

test('the sequencer killed: unavailable or unknown, never a false success; reading goes on', async () => {
  await door.child('sequencer').stop('SIGKILL');
  await sleep(50);
  const fault = await taker
    .placeOrder({ market: 'BTC-USD', side: 'buy', size: '0.001', price: '48000' })
    .catch((caught: unknown) => caught);
  expect(fault).toMatchObject({
    code: expect.stringMatching(/^(SEQUENCER_UNAVAILABLE|OUTCOME_UNKNOWN)$/),
    retryable: true,
  });
  expect((await taker.markets()).length).toBe(3);
  expect((await fetch(`${door.url}/readyz`)).status).toBe(503);
});
