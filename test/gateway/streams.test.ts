import { type AccountChange, type BookLevel, type BookOrderChange, KeelClient, type LocalBook } from '@keel/client';
import { addressOfKey } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { Dice } from './dice.ts';
import { type Door, startDoor } from './startDoor.ts';
import { Tap } from './tap.ts';

/**
 * The book level by level, order by order and by REST, and the account with what happened to it, followed over a connection that
 * is cut again and again while orders come, trade and go: all of them have to say the same in the end.
 */
const SEED = Number(process.env.KEEL_TEST_SEED ?? 11);
const STEPS = 400;
const CUT_EVERY = 25;
const MARKET = 'BTC-USD';
/** An index price is good for ten seconds. */
const PRICE_GOOD_MS = 3_000;
const ANN_KEY: Hex = `0x${'a1'.repeat(32)}`;
const BOB_KEY: Hex = `0x${'b0'.repeat(32)}`;

let door: Door;
const wire = new Tap();
let ann: KeelClient;
let bob: KeelClient;
let watcher: KeelClient;
beforeAll(async () => {
  door = await startDoor();
  for (const key of [ANN_KEY, BOB_KEY]) await door.deposit(addressOfKey(key), 1_000_000_000_000);
  ann = new KeelClient({ url: door.url, privateKey: ANN_KEY });
  bob = new KeelClient({ url: door.url, privateKey: BOB_KEY });
  await waitFor('the accounts', () => bob.account());
  const url = `http://127.0.0.1:${await wire.open(Number(new URL(door.url).port))}`;
  watcher = new KeelClient({ url, reconnect: { minMs: 5, maxMs: 50 } });
}, 60_000);
afterAll(async () => {
  for (const client of [ann, bob, watcher]) client?.close();
  wire.close();
  await door?.stop();
});

interface Row {
  readonly side: string;
  readonly price: string;
  readonly lots: number;
}
const lotsOf = (size: string): number => Math.round(Number(size) * 100_000);

test(`books and account, over ${STEPS / CUT_EVERY} lost connections (seed ${SEED})`, { timeout: 120_000 }, async () => {
  const dice = new Dice(SEED);
  let book: LocalBook | undefined;
  let gaps = 0;
  const resumed = { orders: 0 };
  watcher.followBook(MARKET, {
    onBook: (now) => {
      book = now;
    },
    onGap: () => {
      gaps += 1;
    },
  });
  const orders = new Map<string, Row>();
  let ordersSeq = 0;
  watcher.subscribe(
    { channel: 'bookOrders', market: MARKET },
    {
      onFrame: (frame) => {
        if (frame.type === 'snapshot') orders.clear();
        else expect(frame.prevSeq).toBe(ordersSeq);
        ordersSeq = frame.seq;
        for (const { orderId, side, price, size } of (frame.data as BookOrderChange).orders) {
          if (size === '0') orders.delete(orderId);
          else orders.set(orderId, { side, price, lots: lotsOf(size) });
        }
      },
      onResumed: () => {
        resumed.orders += 1;
      },
    },
  );
  const fills: string[] = [];
  const closed = new Map<string, string>();
  let accountSeq = 0;
  watcher.subscribe({ channel: 'account', account: ann.address }, (frame) => {
    accountSeq = frame.seq;
    const { fills: fresh, orderUpdates } = frame.data as AccountChange;
    fills.push(...fresh.map(({ tradeId }) => tradeId));
    for (const { order, state } of orderUpdates) if (state !== 'open') closed.set(order.orderId, state);
  });
  await waitFor('the snapshots', () => (book !== undefined && accountSeq > 0 && ordersSeq > 0 ? true : undefined));

  let pricedMs = 0;
  let last = 0;
  const open: string[] = [];
  for (let step = 1; step <= STEPS; step += 1) {
    if (Date.now() - pricedMs > PRICE_GOOD_MS) {
      pricedMs = Date.now();
      await door.price(1, 600_000);
    }
    const far = dice.between(1, 30) * 5;
    const price = (side: 'buy' | 'sell') => String(60_000 + (side === 'buy' ? -far : far));
    const side = dice.chance(50) ? 'buy' : 'sell';
    const size = `0.0${dice.between(1, 9)}`;
    if (dice.chance(25)) {
      const oldest = open.shift();
      if (oldest !== undefined) await ann.cancelOrder(oldest).catch(() => undefined);
    } else if (dice.chance(30)) {
      const { sequence } = await bob.placeOrder({ market: MARKET, side, size });
      last = Math.max(last, sequence);
    } else {
      const placed = await ann.placeOrder({
        market: MARKET,
        side,
        size,
        price: price(side),
        timeInForce: 'postOnlySlide',
      });
      if (placed.state === 'resting') open.push(placed.orderId);
      last = Math.max(last, placed.sequence);
    }
    if (step % CUT_EVERY === 0) wire.cut();
  }

  last = Math.max(last, (await ann.cancelAll('ETH-USD')).sequence);
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  const atEnd = await waitFor('the book', async () => {
    const { sequence, bids, asks } = await ann.book(MARKET, 1_000);
    return sequence >= last && same([bids, asks], [book?.bids(), book?.asks()]) ? { bids, asks } : undefined;
  });
  const sums = (side: string): BookLevel[] => {
    const byPrice = new Map<string, number>();
    for (const row of orders.values())
      if (row.side === side) byPrice.set(row.price, (byPrice.get(row.price) ?? 0) + row.lots);
    const sign = side === 'buy' ? -1 : 1;
    return [...byPrice]
      .sort(([left], [right]) => sign * (Number(left) - Number(right)))
      .map(([price, lots]) => [price, String(lots)]);
  };
  const inLots = (levels: readonly BookLevel[]) => levels.map(([price, size]) => [price, String(lotsOf(size))]);
  const expectedLots = [inLots(atEnd.bids), inLots(atEnd.asks)];
  await waitFor('the orders', () => (same([sums('buy'), sums('sell')], expectedLots) ? true : undefined));

  const told = await ann.fills(ann.address, 500);
  const expected = told.fills.map(({ tradeId }) => tradeId).reverse();
  await waitFor('the fills', () => (fills.length >= expected.length ? true : undefined));
  expect(fills).toEqual(expected);
  expect(expected.length).toBeGreaterThan(5);
  const stillOpen = new Set((await ann.account()).openOrders.map(({ orderId }) => orderId));
  for (const orderId of closed.keys()) expect(stillOpen.has(orderId)).toBe(false);
  expect(gaps).toBeGreaterThanOrEqual(STEPS / CUT_EVERY - 1);
  expect(resumed.orders, 'frames were kept for it').toBeGreaterThan(0);
});
