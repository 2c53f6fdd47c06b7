import { afterAll, beforeAll, expect, vi } from 'vitest';
import { callTable } from './callTable.ts';
import { type Ccxt, ccxtOf } from './ccxtOf.ts';
import { idOf } from './idOf.ts';
import { isFar, ordersOf } from './ordersOf.ts';
import { refusalOf } from './refusalOf.ts';
import { startVenue, type Trader, type Venue } from './startVenue.ts';

const BTC = 'BTC/USDC:USDC';
const ETH = 'ETH/USDC:USDC';
const { check, holdReadme } = callTable('ccxt.pro over WebSocket');

/** Ann quotes, Bob takes, the watcher has no key and looks on. */
let venue: Venue;
let ann: Trader;
let bob: Trader;
let maker: Ccxt;
let taker: Ccxt;
let watcher: Ccxt;

beforeAll(async () => {
  venue = await startVenue();
  ann = await venue.trader('ann', '1000000');
  bob = await venue.trader('bob', '1000000');
  maker = await ccxtOf(venue, ann);
  taker = await ccxtOf(venue, bob);
  watcher = await ccxtOf(venue, bob);
  await Promise.all([maker.loadMarkets(), taker.loadMarkets(), watcher.loadMarkets()]);
});
afterAll(async () => {
  await Promise.all([maker?.close(), taker?.close(), watcher?.close()]);
  await venue?.stop();
});

const WATCH_MS_MAX = 10_000;

/** Watches until what is seen satisfies `seen`; each call of a watch method waits for the next frame. */
async function watchUntil<Value>(watch: () => Promise<Value>, seen: (value: Value) => boolean): Promise<Value> {
  const deadline = performance.now() + WATCH_MS_MAX;
  for (;;) {
    const value = await before(watch(), deadline);
    if (seen(value)) return value;
  }
}

async function before<Value>(promise: Promise<Value>, deadline: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('nothing of it was seen in time')), deadline - performance.now());
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

check('createOrderWs', 'rests at its price and size', async () => {
  const id = idOf(await maker.createOrderWs(BTC, 'limit', 'buy', 0.5, 59_990));
  expect(await ordersOf(ann, 1)).toMatchObject([{ orderId: id, price: '59990', remainingSize: '0.5' }]);
});

check('createOrdersWs', 'two in one frame', async () => {
  const orders = await maker.createOrdersWs([
    { symbol: BTC, type: 'limit', side: 'sell', amount: 0.5, price: 60_010 },
    { symbol: BTC, type: 'limit', side: 'sell', amount: 1, price: 60_020 },
  ]);
  expect(new Set(orders.map(idOf)).size).toBe(2);
});

check('editOrderWs', 'new price and size', async () => {
  const id = idOf(await maker.createOrderWs(BTC, 'limit', 'buy', 0.01, 50_000));
  await maker.editOrderWs(id, BTC, 'limit', 'buy', 0.02, 50_100);
  const far = await ordersOf(ann, 1, isFar);
  expect(far).toMatchObject([{ price: '50100', remainingSize: '0.02' }]);
});

check('cancelOrderWs', 'by id', async () => {
  const [far] = await ordersOf(ann, 1, isFar);
  expect(await maker.cancelOrderWs(far?.orderId ?? '', BTC)).toMatchObject({ status: 'success' });
  await ordersOf(ann, 0, isFar);
});

check('cancelOrdersWs', 'two at once', async () => {
  const ids = [50_000, 50_001].map((price) => maker.createOrderWs(BTC, 'limit', 'buy', 0.01, price).then(idOf));
  expect(await maker.cancelOrdersWs(await Promise.all(ids), BTC)).toMatchObject([
    { status: 'success' },
    { status: 'success' },
  ]);
  await ordersOf(ann, 0, isFar);
});

check('watchOrderBook', 'both sides; then what changes', async () => {
  const book = await watchUntil(
    () => watcher.watchOrderBook(BTC),
    ({ bids, asks }) => bids.length === 1 && asks.length === 2,
  );
  expect(book.bids[0]?.slice(0, 2)).toEqual([59_990, 0.5]);
  expect(book.asks.map((level) => level.slice(0, 2))).toEqual([
    [60_010, 0.5],
    [60_020, 1],
  ]);
  const changed = watchUntil(
    () => watcher.watchOrderBook(BTC),
    ({ bids }) => bids.length === 2,
  );
  await maker.createOrderWs(BTC, 'limit', 'buy', 1, 59_980);
  expect((await changed).bids[1]?.slice(0, 2)).toEqual([59_980, 1]);
});

check('watchTrades', 'price, size and side of a trade', async () => {
  const seen = watchUntil(
    () => watcher.watchTrades(BTC),
    (trades) => trades.some(({ amount }) => amount === 0.2),
  );
  // ccxt must have subscribed before the trade, or it is in nobody's frame.
  await vi.waitFor(() => expect(Object.keys(watcher.clients)).not.toEqual([]));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await taker.createOrderWs(BTC, 'market', 'buy', 0.2, 60_010);
  const trade = (await seen).find(({ amount }) => amount === 0.2);
  expect(trade).toMatchObject({ symbol: BTC, side: 'buy', price: 60_010, amount: 0.2 });
});

check('watchTicker', 'bid, ask and middle', async () => {
  const ticker = await watchUntil(
    () => watcher.watchTicker(BTC),
    ({ bid }) => bid !== undefined,
  );
  expect(ticker).toMatchObject({ symbol: BTC, ask: 60_010, close: 60_000 });
});

check('watchTickers', 'the middle of every quoted market', async () => {
  await maker.createOrdersWs([
    { symbol: ETH, type: 'limit', side: 'buy', amount: 10, price: 2_999 },
    { symbol: ETH, type: 'limit', side: 'sell', amount: 10, price: 3_001 },
  ]);
  const tickers = await watchUntil(
    () => watcher.watchTickers([BTC, ETH]),
    (found) => found[ETH]?.last === 3_000,
  );
  expect(tickers[ETH]).toMatchObject({ symbol: ETH, last: 3_000 });
});

check('watchOHLCV', 'the candle of those trades', async () => {
  const seen = watchUntil(
    () => watcher.watchOHLCV(BTC, '1d'),
    (candles) => Number(candles.at(-1)?.[5]) >= 0.3,
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  await taker.createOrderWs(BTC, 'market', 'buy', 0.1, 60_010);
  const [, open, high, low, close, volume] = (await seen).at(-1) ?? [];
  expect([open, high, low, close]).toEqual([60_010, 60_010, 60_010, 60_010]);
  expect(volume).toBeCloseTo(0.3, 8);
});

check('watchOrders', 'an order that rests, trades a part and is cancelled', async () => {
  const seen: string[] = [];
  const watching = watchUntil(
    () => maker.watchOrders(BTC),
    (orders) => {
      for (const { price, status, filled } of orders) if (price === 60_005) seen.push(`${status} ${filled}`);
      return seen.some((line) => line.startsWith('canceled'));
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  const id = idOf(await maker.createOrderWs(BTC, 'limit', 'sell', 0.3, 60_005));
  await taker.createOrderWs(BTC, 'market', 'buy', 0.1, 60_005);
  await maker.cancelOrderWs(id, BTC);
  await watching;
  expect([...new Set(seen)]).toEqual(['open 0', 'open 0.1', 'canceled 0.1']);
});

check('watchMyTrades', 'the fill and its fee', async () => {
  const seen = watchUntil(
    () => maker.watchMyTrades(BTC),
    (trades) => trades.some(({ amount }) => amount === 0.15),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  await taker.createOrderWs(BTC, 'market', 'buy', 0.15, 60_010);
  const fill = (await seen).find(({ amount }) => amount === 0.15);
  // 0.01 % of 9,001.5 USDC. Who was maker this method does not parse.
  expect(fill?.info.crossed).toBe(false);
  expect(fill).toMatchObject({ side: 'sell', price: 60_010, fee: { cost: 0.90015 } });
});

check('watchPositions', 'the position, and what changes it', async () => {
  const positions = await watchUntil(
    () => taker.watchPositions([BTC]),
    (found) => found.length > 0,
  );
  expect(positions[0]).toMatchObject({
    symbol: BTC,
    side: 'long',
    contracts: 0.55,
    entryPrice: expect.closeTo(60_009, 0),
  });
  const smaller = watchUntil(
    () => taker.watchPositions([BTC]),
    ([position]) => position?.contracts === 0.5,
  );
  await taker.createOrderWs(BTC, 'market', 'sell', 0.05, 59_990, { reduceOnly: true });
  await smaller;
});

check('watchBalance', 'equity and margin in use', async () => {
  const balance = await watchUntil(
    () => taker.watchBalance({ type: 'swap' }),
    ({ USDC }) => USDC !== undefined,
  );
  const account = await bob.native.account();
  expect(balance.USDC?.total).toBeCloseTo(Number(account.equity), 0);
  expect(Number(balance.USDC?.used)).toBeGreaterThan(0);
});

check('unWatchOrderBook, unWatchTrades', 'no more frames of it; the others go on', async () => {
  await watcher.unWatchTrades(BTC);
  await watcher.unWatchOrderBook(BTC);
  expect(
    await watchUntil(
      () => watcher.watchTicker(BTC),
      () => true,
    ),
  ).toMatchObject({ symbol: BTC });
});

check('createOrderWs', 'postOnly that would trade: throws as over REST, and the connection lives on', async () => {
  const { name, text } = await refusalOf(maker.createOrderWs(BTC, 'limit', 'buy', 0.5, 60_010, { postOnly: true }));
  expect(name).toBe('InvalidOrder');
  expect(text).toContain('Post only order would have immediately matched');
  await maker.createOrderWs(BTC, 'limit', 'buy', 0.01, 50_000, { postOnly: true });
});

holdReadme();
