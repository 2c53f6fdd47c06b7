import { type Fill, KeelClient, KeelError } from '@keel/client';
import { hashAction, keelDomain, signAction } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { CHAIN_ID, type Door, SETTLEMENT, startDoor } from './startDoor.ts';

const MARKET = 'BTC-USD';
const BTC = 1;
const USDC = 1_000_000;
const ANN: Hex = `0x${'a1'.repeat(32)}`;
const BOB: Hex = `0x${'b0'.repeat(32)}`;
const NOBODY: Hex = `0x${'99'.repeat(32)}`;

let door: Door;
let ann: KeelClient;
let bob: KeelClient;
let feeding: NodeJS.Timeout | undefined;

beforeAll(async () => {
  door = await startDoor();
  ann = new KeelClient({ url: door.url, privateKey: ANN });
  bob = new KeelClient({ url: door.url, privateKey: BOB });
  for (const client of [ann, bob]) await door.deposit(client.address, 100_000 * USDC);
  await door.price(BTC, 200_000);
  feeding = setInterval(() => void door.price(BTC, 200_000).catch(() => undefined), 500);
  await waitFor('a mark price', async () => (await ann.markets())[0]?.mark ?? undefined);
  await waitFor('the deposits', async () => (await bob.account()).collateral === '100000' || undefined);
});
afterAll(async () => {
  clearInterval(feeding);
  ann?.close();
  bob?.close();
  await door?.stop();
});

async function refusal(asked: Promise<unknown>): Promise<KeelError> {
  const fault = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(fault instanceof KeelError)) throw new Error(`not refused: ${String(fault)}`);
  return fault;
}

async function all<Entry>(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const read: Entry[] = [];
  for await (const entry of entries) read.push(entry);
  return read;
}

describe('the client against the exchange', () => {
  test('every entry of a list once, whatever the size of a page', async () => {
    // Seven trades: bob asks 0.01 seven times, ann takes one after the other.
    for (let trade = 0; trade < 7; trade += 1) {
      await bob.placeOrder({ market: MARKET, side: 'sell', price: String(20_000 + trade), size: '0.01' });
      await ann.placeOrder({ market: MARKET, side: 'buy', price: '20100', size: '0.01', timeInForce: 'ioc' });
    }
    await waitFor('the fills', async () => (await ann.fills()).fills.length === 7 || undefined);
    const prices = (fills: readonly Fill[]) => fills.map(({ price }) => price);
    const newestFirst = ['20006', '20005', '20004', '20003', '20002', '20001', '20000'];
    for (const limit of [1, 2, 3, 7, 100])
      expect(prices(await all(ann.each('fills', { limit }))), `pages of ${limit}`).toEqual(newestFirst);
    expect((await all(bob.each('orderHistory', { limit: 3 }))).map(({ state }) => state)).toEqual(
      Array.from({ length: 7 }, () => 'filled'),
    );
    expect((await all(ann.each('trades', { market: MARKET, limit: 4 }))).map(({ price }) => price)).toEqual(
      newestFirst,
    );
    const first = await ann.page('fills', { limit: 2 });
    expect(prices(first.entries)).toEqual(['20006', '20005']);
    const second = await ann.page('fills', { limit: 2, before: first.next as number });
    expect(prices(second.entries)).toEqual(['20004', '20003']);
    // Whose list it is can be said: bob reads what ann did.
    expect(prices(await all(bob.each('fills', { address: ann.address })))).toEqual(newestFirst);
  });

  test('the other lists, as empty or full as they are', async () => {
    expect((await all(ann.each('deposits'))).map(({ amount }) => amount)).toEqual(['100000']);
    for (const list of ['fundingPayments', 'withdrawals', 'marginEvents'] as const)
      expect(await all(ann.each(list)), list).toEqual([]);
    expect(await all(ann.each('liquidations'))).toEqual([]);
    expect(await all(ann.each('liquidations', { address: ann.address }))).toEqual([]);
    expect(await all(ann.each('fundingRates', { market: MARKET }))).toEqual([]);
  });

  test('an order by both of its names, open and over', async () => {
    const { orderId } = await ann.placeOrder({
      market: MARKET,
      side: 'buy',
      price: '19000',
      size: '0.01',
      clientOrderId: 'bid 1',
    });
    const open = await waitFor('the order', () => ann.order(orderId));
    expect(open.order).toMatchObject({
      state: 'open',
      remainingSize: '0.01',
      order: { orderId, clientOrderId: 'bid 1' },
    });
    expect(await ann.bookOrders(MARKET)).toMatchObject({ market: MARKET, orders: [{ orderId, price: '19000' }] });
    expect(await ann.bbo(MARKET)).toMatchObject({ market: MARKET, bid: ['19000', '0.01'], ask: null });
    expect(await ann.ticker(MARKET)).toMatchObject({
      market: MARKET,
      mark: '20000',
      bid: ['19000', '0.01'],
      ask: null,
    });
    await ann.cancelOrder({ clientOrderId: 'bid 1' });
    await waitFor(
      'its end',
      async () => (await ann.order({ clientOrderId: 'bid 1' })).order.state === 'closed' || undefined,
    );
    expect(await refusal(ann.order('999999'))).toMatchObject({ code: 'ORDER_UNKNOWN', retryable: false });
  });

  test('the budget counts, the time is near, and candles have intervals', async () => {
    const before = await ann.budget();
    expect(before).toMatchObject({ address: ann.address, refillPerSecond: 10 });
    expect(before.remaining).toBe(before.limit - before.used);
    expect(Math.abs((await ann.time()) - Date.now())).toBeLessThan(5_000);
    const [candle] = await ann.candles(MARKET, 1, '1h');
    expect(candle).toMatchObject({ volume: '0.07', trades: 7, close: '20006' });
  });

  test('one Idempotency-Key and one nonce: the first answer again, and nothing is done twice', async () => {
    const bid = { market: MARKET, side: 'buy', price: '18000', size: '0.01' } as const;
    const how = { nonce: ann.nextNonce(), idempotencyKey: 'bid-of-18000', over: 'ws' } as const;
    const first = await ann.placeOrder(bid, how);
    expect(await ann.placeOrder(bid, how)).toEqual(first);
    const other = await refusal(ann.placeOrder({ ...bid, size: '0.02' }, how));
    expect(other).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false });
    const twice = await refusal(ann.placeOrder(bid, { nonce: how.nonce }));
    expect(twice).toMatchObject({ code: 'NONCE_ALREADY_USED', retryable: false });
    expect((await ann.cancelAll(MARKET)).cancelledOrderIds).toEqual([first.orderId]);
  });

  test('errors are typed: code, number, whether and when to try again, details, request id', async () => {
    const unknown = await refusal(ann.book('DOGE-USD'));
    expect(unknown).toMatchObject({
      name: 'KeelError',
      code: 'MARKET_UNKNOWN',
      retryable: false,
      retryAfterMs: undefined,
    });
    expect(unknown.number).toBeTypeOf('number');
    expect(unknown.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(unknown.details).toMatchObject({ market: 'DOGE-USD' });
    const overSocket = await refusal(
      ann.placeOrder({ market: 'DOGE-USD', side: 'buy', size: '1', price: '1' }, { over: 'ws' }),
    );
    expect(overSocket).toMatchObject({ code: 'MARKET_UNKNOWN', number: unknown.number, requestId: undefined });
    const poor = new KeelClient({ url: door.url, privateKey: NOBODY });
    expect(await refusal(poor.budget())).toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
    expect(await refusal(poor.faucet())).toMatchObject({ code: 'FAUCET_OFF', retryable: false });
    poor.close();
  });

  test('a signature that is explained: the right one, and one for another chain', async () => {
    const action = {
      primaryType: 'CancelAllOrders',
      account: ann.address,
      subaccount: 0,
      market: MARKET,
      nonce: Date.now(),
      expiresAfter: 0,
    } as const;
    const domain = keelDomain(CHAIN_ID, SETTLEMENT);
    const right = await ann.explain({ ...action, signature: signAction(domain, action, ANN) }, ann.address);
    expect(right).toMatchObject({ scheme: 'keel', role: 'owner', accepted: true, matchesExpected: true, findings: [] });
    expect(right.hash).toBe(`0x${Buffer.from(hashAction(domain, action)).toString('hex')}`);
    const elsewhere = await ann.explain({ ...action, signature: signAction(keelDomain(1, SETTLEMENT), action, ANN) });
    expect(elsewhere).toMatchObject({ accepted: false, findings: [{ mistake: 'chainId', signer: ann.address }] });
  });
});
