import { KeelClient, KeelError } from '@keel/client';
import { type Hex, toMarketId } from '@keel/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, startExchange } from './exchange.ts';
import { waitFor } from './waitFor.ts';

const USDC = 1_000_000n;
const key = (digit: string): Hex => `0x${digit.repeat(64)}`;

describe('Redis and L1 die and come back', () => {
  let exchange: Exchange;
  let trader: KeelClient;
  let price = 50_000;

  beforeAll(async () => {
    exchange = await startExchange();
    trader = new KeelClient({ url: exchange.gatewayUrl, privateKey: key('4'), reconnect: { minMs: 50, maxMs: 200 } });
    await exchange.l1.deposit(trader.address, 10_000n * USDC);
    await waitFor('the deposit', async () => (await trader.account()).collateral === '10000' || undefined);
  });
  afterAll(async () => {
    trader?.close();
    await exchange?.stop();
  });

  /** A resting order at a price of its own, so that each is told apart in the account. */
  const rest = async (over: 'rest' | 'ws' = 'rest'): Promise<string> => {
    await exchange.price(toMarketId(1), 600_000);
    price += 1;
    const order = {
      market: 'BTC-USD',
      side: 'buy',
      price: String(price),
      size: '0.001',
      timeInForce: 'postOnly',
    } as const;
    return (await trader.placeOrder(order, { over })).orderId;
  };
  const openOrders = async (): Promise<string[]> =>
    (await trader.account()).openOrders.map((order) => order.orderId).sort();

  test('without Redis orders are still acknowledged, and reads say why they are not', async () => {
    const placed = [await rest()];
    await exchange.child('redis').stop('SIGKILL');
    placed.push(await rest(), await rest('ws'));
    const read = await trader.account().catch((fault: unknown) => fault);
    expect(read).toBeInstanceOf(KeelError);
    expect(read).toMatchObject({ code: 'READ_MODEL_UNAVAILABLE', retryable: true });

    await exchange.restart('redis');
    const account = await waitFor('the read model', async () => {
      const orders = await openOrders();
      return orders.length === placed.length ? orders : undefined;
    });
    expect(account).toEqual([...placed].sort());
  });

  test('emptied while it runs, Redis holds everything again a moment later', async () => {
    const before = await trader.account();
    const { Redis } = await import('ioredis');
    const redis = new Redis(exchange.redisUrl);
    await redis.flushall();
    await redis.quit();
    const orderId = await rest();
    const after = await waitFor('the read model', async () => {
      const account = await trader.account();
      return account.openOrders.some((order) => order.orderId === orderId) ? account : undefined;
    });
    expect(after.collateral).toBe(before.collateral);
    expect(after.openOrders.length).toBe(before.openOrders.length + 1);
    const batches = await waitFor('the batches', async () => {
      const list = await trader.batches();
      return list.length > 0 && list.at(-1)?.batchIndex === 0 ? list : undefined;
    });
    expect(batches.every((batch) => batch.batchHash.length === 66)).toBe(true);
  });

  test('without L1 trading goes on; afterwards deposits and batches catch up', async () => {
    await exchange.child('anvil').stop();
    const orderId = await rest();
    expect(await waitFor('the order', async () => (await openOrders()).includes(orderId) || undefined)).toBe(true);
    const { sequence } = await trader.status();

    await exchange.restart('anvil');
    await exchange.l1.deposit(trader.address, 5_000n * USDC);
    await waitFor(
      'the second deposit',
      async () => (await trader.account()).collateral === '15000' || undefined,
      60_000,
    );
    await waitFor('a batch past the outage', async () => {
      const batches = await trader.batches();
      return batches.some((batch) => batch.lastSequence >= sequence && batch.status !== 'sealed') || undefined;
    });
  });
});
