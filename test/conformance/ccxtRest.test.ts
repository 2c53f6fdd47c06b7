import { afterAll, beforeAll, expect } from 'vitest';
import { callTable } from './callTable.ts';
import { type Ccxt, ccxtOf } from './ccxtOf.ts';
import { idOf } from './idOf.ts';
import { inAnyOrder } from './inAnyOrder.ts';
import { isFar, ordersOf } from './ordersOf.ts';
import { refusalOf } from './refusalOf.ts';
import { soon } from './soon.ts';
import { startVenue, type Trader, type Venue } from './startVenue.ts';

const BTC = 'BTC/USDC:USDC';
const ETH = 'ETH/USDC:USDC';
const SOL = 'SOL/USDC:USDC';
const { check, holdReadme } = callTable('ccxt over REST');

/** Ann quotes, Bob takes; each check goes on from where the one before left the exchange. */
let venue: Venue;
let ann: Trader;
let bob: Trader;
let maker: Ccxt;
let taker: Ccxt;

beforeAll(async () => {
  venue = await startVenue();
  ann = await venue.trader('ann', '1000000');
  bob = await venue.trader('bob', '1000000');
  maker = await ccxtOf(venue, ann);
  taker = await ccxtOf(venue, bob);
});
afterAll(() => venue?.stop());

const cloid = (number: number): string => `0x${number.toString(16).padStart(32, '0')}`;
/** One bid of Ann's at a price nobody meets. */
const farBid = async (params: object = {}, price = 50_000): Promise<string> =>
  idOf(await maker.createOrder(BTC, 'limit', 'buy', 0.01, price, params));

check('loadMarkets', 'ids, tick and lot, leverage, minimum', async () => {
  const markets = await maker.loadMarkets();
  expect(inAnyOrder(Object.keys(markets))).toEqual(inAnyOrder([BTC, ETH, SOL]));
  expect(markets[BTC]).toMatchObject({
    baseId: '0',
    base: 'BTC',
    settle: 'USDC',
    active: true,
    precision: { amount: 0.00001, price: 1 },
    limits: { leverage: { max: 25 }, cost: { min: 10 } },
  });
  expect(markets[ETH]).toMatchObject({ baseId: '1', precision: { amount: 0.0001, price: 0.1 } });
  expect(markets[SOL]).toMatchObject({ baseId: '2', precision: { amount: 0.01, price: 0.01 } });
});

check('fetchCurrencies', 'USDC', async () => {
  expect(Object.keys((await maker.fetchCurrencies()) ?? {})).toContain('USDC');
});

check('fetchTime', 'the clock of now', async () => {
  expect(Math.abs(Number(await maker.fetchTime()) - Date.now())).toBeLessThan(5_000);
});

check('fetchStatus', 'ok', async () => {
  expect(await maker.fetchStatus()).toMatchObject({ status: 'ok' });
});

check('createOrder', 'limit: rests at its price and size', async () => {
  const id = idOf(await maker.createOrder(BTC, 'limit', 'buy', 0.5, 59_990));
  expect(await ordersOf(ann, 1)).toMatchObject([
    { orderId: id, market: 'BTC-USD', side: 'buy', price: '59990', remainingSize: '0.5' },
  ]);
});

check('createOrders', 'four in one request, each with its own id', async () => {
  const orders = await maker.createOrders([
    { symbol: BTC, type: 'limit', side: 'buy', amount: 1, price: 59_980 },
    { symbol: BTC, type: 'limit', side: 'sell', amount: 0.5, price: 60_010 },
    { symbol: BTC, type: 'limit', side: 'sell', amount: 1, price: 60_020 },
    { symbol: ETH, type: 'limit', side: 'sell', amount: 10, price: 3_001.5 },
  ]);
  const open = await ordersOf(ann, 5);
  expect(inAnyOrder(orders.map(idOf))).toEqual(inAnyOrder(open.map(({ orderId }) => orderId).slice(1)));
});

check('fetchOrderBook', 'both sides, prices and sizes, best first', async () => {
  await soon(async () => {
    const book = await taker.fetchOrderBook(BTC);
    expect(book.bids).toEqual([
      [59_990, 0.5],
      [59_980, 1],
    ]);
    expect(book.asks).toEqual([
      [60_010, 0.5],
      [60_020, 1],
    ]);
  });
});

check('fetchTicker', 'bid, ask and middle of that book', async () => {
  const ticker = await soon(async () => {
    const found = await taker.fetchTicker(BTC);
    expect(found.bid).toBe(59_990);
    return found;
  });
  expect(ticker).toMatchObject({ symbol: BTC, bid: 59_990, ask: 60_010, close: 60_000 });
});

check('fetchTickers', 'every market', async () => {
  const tickers = await taker.fetchTickers();
  expect(inAnyOrder(Object.keys(tickers))).toEqual(inAnyOrder([BTC, ETH, SOL]));
  expect(tickers[BTC]).toMatchObject({ bid: 59_990, ask: 60_010 });
});

check('createOrder', 'market: filled at the best price, with what it cost', async () => {
  const order = await taker.createOrder(BTC, 'market', 'buy', 0.2, 60_010);
  expect(order).toMatchObject({ filled: 0.2, average: 60_010 });
  const position = { market: 'BTC-USD', size: '0.2', entryPrice: '60010' };
  await soon(async () => expect((await bob.native.account()).positions).toMatchObject([position]));
});

check('createOrder', 'ioc: takes what is there, leaves nothing', async () => {
  const order = await taker.createOrder(BTC, 'limit', 'buy', 1, 60_010, { timeInForce: 'IOC' });
  expect(order).toMatchObject({ filled: 0.3, average: 60_010 });
  await ordersOf(bob, 0);
});

check('createOrder', 'ioc that meets nobody: refused', async () => {
  const { name, text } = await refusalOf(taker.createOrder(BTC, 'limit', 'buy', 1, 59_995, { timeInForce: 'IOC' }));
  expect(name).toBe('InvalidOrder');
  expect(text).toContain('Order could not immediately match against any resting orders.');
});

check('createOrder', 'postOnly: rests, or is refused where it would trade', async () => {
  const id = idOf(await taker.createOrder(BTC, 'limit', 'sell', 0.1, 60_015, { postOnly: true }));
  await taker.cancelOrder(id, BTC);
  const { name, text } = await refusalOf(taker.createOrder(BTC, 'limit', 'sell', 0.1, 59_990, { postOnly: true }));
  expect(name).toBe('InvalidOrder');
  expect(text).toContain('Post only order would have immediately matched');
});

check('createOrder', 'reduceOnly: closes a part, cannot open', async () => {
  const order = await taker.createOrder(BTC, 'market', 'sell', 0.1, 59_990, { reduceOnly: true });
  expect(order).toMatchObject({ filled: 0.1, average: 59_990 });
  const { name, text } = await refusalOf(taker.createOrder(BTC, 'market', 'buy', 0.1, 60_010, { reduceOnly: true }));
  expect(name).toBe('InvalidOrder');
  expect(text).toContain('Reduce only order would increase position.');
});

check('createOrder', 'too small, too dear: refused as ccxt knows it', async () => {
  const small = await refusalOf(maker.createOrder(BTC, 'limit', 'buy', 0.0001, 59_000));
  expect(small).toMatchObject({ name: 'InvalidOrder', text: expect.stringContaining('minimum value of $10') });
  const poor = await ccxtOf(venue, await venue.trader('cat', '100'));
  const dear = await refusalOf(poor.createOrder(BTC, 'limit', 'buy', 1, 59_000));
  expect(dear).toMatchObject({ name: 'InsufficientFunds', text: expect.stringContaining('Insufficient margin') });
});

check('fetchBalance', 'equity, margin in use, what is left', async () => {
  await soon(async () => {
    const [balance, account] = [await taker.fetchBalance(), await bob.native.account()];
    expect(balance.USDC).toMatchObject({ total: Number(account.equity) });
    expect(balance.USDC?.used).toBeGreaterThan(0);
    expect(balance.USDC?.free).toBeCloseTo(Number(account.equity) - Number(balance.USDC?.used), 5);
  });
});

check('fetchPositions', 'side, size, entry, profit, leverage, margin', async () => {
  await soon(async () => {
    const positions = await taker.fetchPositions();
    const [native] = (await bob.native.account()).positions;
    expect(positions).toHaveLength(1);
    expect(positions[0]).toMatchObject({
      symbol: BTC,
      side: 'long',
      contracts: 0.4,
      entryPrice: Number(native?.entryPrice),
      marginMode: 'cross',
    });
    expect(positions[0]?.unrealizedPnl).toBeCloseTo(Number(native?.unrealisedPnl), 2);
    expect(positions[0]?.notional).toBeCloseTo(0.4 * Number(native?.mark ?? 60_000), -2);
  });
});

check('fetchPosition', 'one market', async () => {
  expect(await maker.fetchPosition(BTC)).toMatchObject({ side: 'short', contracts: 0.4 });
});

check('fetchMyTrades', 'price, size, side, fee, maker or taker', async () => {
  const trades = await soon(async () => {
    const found = await taker.fetchMyTrades(BTC);
    expect(found).toHaveLength(3);
    return found;
  });
  expect(trades[0]).toMatchObject({ side: 'buy', price: 60_010, amount: 0.2, takerOrMaker: 'taker' });
  // 0.04 % of 12,002 USDC.
  expect(trades[0]?.fee).toMatchObject({ cost: 4.8008, currency: 'USDC' });
  const made = await maker.fetchMyTrades(BTC);
  expect(made[0]).toMatchObject({
    side: 'sell',
    price: 60_010,
    amount: 0.2,
    takerOrMaker: 'maker',
    fee: { cost: 1.2002 },
  });
  expect(trades.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
});

check('fetchMyTrades', 'since a time', async () => {
  const [first] = await taker.fetchMyTrades(BTC);
  const later = await taker.fetchMyTrades(BTC, Number(first?.timestamp) + 1);
  expect(later).toHaveLength(2);
});

check('fetchTrades', "the user's own, as ccxt asks", async () => {
  expect((await taker.fetchTrades(BTC)).map(({ amount }) => amount)).toEqual([0.2, 0.3, 0.1]);
});

check('fetchOHLCV', 'open, high, low, close, volume of those trades', async () => {
  const candles = await taker.fetchOHLCV(BTC, '1d');
  const [time = 0, open, high, low, close, volume] = candles.at(-1) ?? [];
  expect(time).toBe(Math.floor(Date.now() / 86_400_000) * 86_400_000);
  expect([open, high, low, close]).toEqual([60_010, 60_010, 59_990, 59_990]);
  expect(volume).toBeCloseTo(0.6, 8);
});

check('fetchFundingRate', 'index, mark, rate', async () => {
  const rate = await taker.fetchFundingRate(BTC);
  expect(rate).toMatchObject({ symbol: BTC, indexPrice: 60_000, interval: '1h' });
  expect(Math.abs(Number(rate.markPrice) - 60_000)).toBeLessThan(60);
  expect(Math.abs(Number(rate.fundingRate))).toBeLessThan(0.04);
});

check('fetchFundingRates', 'every market', async () => {
  expect(inAnyOrder(Object.keys(await taker.fetchFundingRates()))).toEqual(inAnyOrder([BTC, ETH, SOL]));
});

check('fetchOpenInterest', 'what the positions add up to', async () => {
  await soon(async () =>
    expect(await taker.fetchOpenInterest(BTC)).toMatchObject({ symbol: BTC, openInterestAmount: 0.4 }),
  );
});

check('fetchOpenInterests', 'every market', async () => {
  expect((await taker.fetchOpenInterests())[ETH]).toMatchObject({ openInterestAmount: 0 });
});

check('fetchTradingFee', '0.01 % maker, 0.04 % taker', async () => {
  expect(await taker.fetchTradingFee(BTC)).toMatchObject({ maker: 0.0001, taker: 0.0004 });
});

check('fetchOpenOrders', 'id, price, what is left', async () => {
  const orders = await soon(async () => {
    const found = await maker.fetchOpenOrders(BTC);
    expect(found).toHaveLength(3);
    return found;
  });
  const bid = orders.find(({ price }) => price === 59_990);
  expect(bid).toMatchObject({
    side: 'buy',
    amount: 0.5,
    filled: 0.1,
    remaining: 0.4,
    status: 'open',
    timeInForce: 'GTC',
  });
});

check('fetchOrder', 'an open one, a filled one', async () => {
  const [open] = await maker.fetchOpenOrders(BTC);
  expect(await maker.fetchOrder(idOf(open ?? {}), BTC)).toMatchObject({
    id: open?.id,
    status: 'open',
    price: open?.price,
  });
  const [trade] = await taker.fetchMyTrades(BTC);
  const filled = await taker.fetchOrder(trade?.order ?? '', BTC);
  expect(filled).toMatchObject({ status: 'closed', side: 'buy', amount: 0.2, filled: 0.2 });
});

check('fetchOrder', 'one that never was: OrderNotFound', async () => {
  expect(await refusalOf(maker.fetchOrder('999999', BTC))).toMatchObject({ name: 'OrderNotFound' });
});

check('editOrder', 'new price and size', async () => {
  const id = await farBid();
  await maker.editOrder(id, BTC, 'limit', 'buy', 0.02, 50_100);
  const open = await ordersOf(ann, 1, isFar);
  expect(open).toMatchObject([{ price: '50100', remainingSize: '0.02' }]);
  await maker.cancelOrder(open[0]?.orderId ?? '', BTC);
  await ordersOf(ann, 0, isFar);
});

check('editOrders', 'two at once', async () => {
  const ids = [await farBid(), await farBid({}, 50_001)];
  const edits = ids.map(
    (id, at) => ({ id, symbol: BTC, type: 'limit', side: 'buy', amount: 0.03, price: 50_200 + at }) as const,
  );
  await maker.editOrders([...edits]);
  const open = await ordersOf(ann, 2, isFar);
  expect(inAnyOrder(open.map(({ price, remainingSize }) => [price, remainingSize]))).toEqual(
    inAnyOrder([
      ['50200', '0.03'],
      ['50201', '0.03'],
    ]),
  );
  await maker.cancelOrders(
    open.map(({ orderId }) => orderId),
    BTC,
  );
});

check('cancelOrder', 'by id; a second time OrderNotFound', async () => {
  const id = await farBid();
  await maker.cancelOrder(id, BTC);
  await ordersOf(ann, 0, isFar);
  expect(await refusalOf(maker.cancelOrder(id, BTC))).toMatchObject({
    name: 'OrderNotFound',
    text: expect.stringContaining('Order was never placed, already canceled, or filled.'),
  });
});

check('cancelOrder', 'by clientOrderId', async () => {
  await farBid({ clientOrderId: cloid(1) });
  await soon(async () => {
    const orders = await maker.fetchOpenOrders(BTC);
    expect(orders.map(({ clientOrderId }) => clientOrderId)).toContain(cloid(1));
  });
  await maker.cancelOrder('', BTC, { clientOrderId: cloid(1) });
  await ordersOf(ann, 0, isFar);
});

check('cancelOrders', 'by ids, and by clientOrderIds', async () => {
  const ids = [await farBid(), await farBid()];
  await maker.cancelOrders(ids, BTC);
  for (const number of [2, 3]) await farBid({ clientOrderId: cloid(number) });
  await maker.cancelOrders([], BTC, { clientOrderId: [cloid(2), cloid(3)] });
  await ordersOf(ann, 0, isFar);
});

check('cancelOrdersForSymbols', 'in two markets', async () => {
  const bid = await farBid();
  const ask = idOf(await maker.createOrder(ETH, 'limit', 'sell', 1, 3_500));
  await maker.cancelOrdersForSymbols([
    { id: bid, symbol: BTC },
    { id: ask, symbol: ETH },
  ]);
  await ordersOf(ann, 0, isFar);
  await ordersOf(ann, 0, ({ orderId }) => orderId === ask);
});

check('createOrder', 'a clientOrderId of an open order: refused', async () => {
  await farBid({ clientOrderId: cloid(4) });
  const { text } = await refusalOf(farBid({ clientOrderId: cloid(4) }));
  expect(text).toContain('error');
  await maker.cancelOrder('', BTC, { clientOrderId: cloid(4) });
});

check('createOrder', 'stop: waits for its trigger', async () => {
  await taker.createOrder(BTC, 'market', 'sell', 0.1, 55_000, { stopLossPrice: 55_000, reduceOnly: true });
  const [order] = await soon(async () => {
    const found = await taker.fetchOpenOrders(BTC);
    expect(found).toHaveLength(1);
    return found;
  });
  expect(order).toMatchObject({
    side: 'sell',
    amount: 0.1,
    triggerPrice: 55_000,
    stopLossPrice: 55_000,
    reduceOnly: true,
  });
  await taker.cancelOrder(idOf(order ?? {}), BTC);
});

check('createOrder', 'takeProfit: waits for its trigger', async () => {
  await taker.createOrder(BTC, 'limit', 'sell', 0.1, 65_000, { takeProfitPrice: 65_000, reduceOnly: true });
  const [order] = await soon(async () => {
    const found = await taker.fetchOpenOrders(BTC);
    expect(found).toHaveLength(1);
    return found;
  });
  expect(order).toMatchObject({
    side: 'sell',
    amount: 0.1,
    price: 65_000,
    triggerPrice: 65_000,
    takeProfitPrice: 65_000,
  });
  await taker.cancelOrder(idOf(order ?? {}), BTC);
});

check('createOrder', 'with attached takeProfit and stopLoss, over what has filled', async () => {
  const ask = await maker.fetchOrderBook(BTC);
  const best = Number(ask.asks[0]?.[0]);
  await taker.createOrder(BTC, 'limit', 'buy', 0.05, best, {
    takeProfit: { triggerPrice: 66_000, type: 'market', price: 66_000 },
    stopLoss: { triggerPrice: 54_000, type: 'market', price: 54_000 },
  });
  const exits = await ordersOf(bob, 2);
  expect(inAnyOrder(exits.map(({ triggerPrice }) => triggerPrice))).toEqual(inAnyOrder(['54000', '66000']));
  for (const { side, remainingSize } of exits) expect([side, remainingSize]).toEqual(['sell', '0.05']);
  await taker
    .cancelOrders(
      exits.map(({ orderId }) => orderId),
      BTC,
    )
    .catch(() => undefined);
  await ordersOf(bob, 0);
});

check('createOrder', 'a stop that fires: closes at the market', async () => {
  await taker.createOrder(SOL, 'limit', 'buy', 10, 150);
  await maker.createOrder(SOL, 'limit', 'sell', 10, 150);
  await maker.createOrder(SOL, 'limit', 'buy', 100, 140);
  await taker.createOrder(SOL, 'market', 'sell', 10, 145, { stopLossPrice: 145, reduceOnly: true });
  await venue.price('SOL', '144.5');
  await soon(async () => {
    expect(await taker.fetchPositions([SOL])).toEqual([]);
    expect((await taker.fetchMyTrades(SOL)).at(-1)).toMatchObject({ side: 'sell', amount: 10, price: 140 });
  });
});

check('fetchClosedOrders', 'those that filled', async () => {
  const closed = await soon(() => taker.fetchClosedOrders(BTC));
  expect(closed.every(({ status }) => status === 'closed')).toBe(true);
  expect(closed.map(({ amount }) => amount)).toContain(0.2);
});

check('fetchCanceledOrders', 'those that were cancelled', async () => {
  const cancelled = await maker.fetchCanceledOrders(BTC);
  expect(cancelled.length).toBeGreaterThan(5);
  expect(cancelled.every(({ status }) => status === 'canceled')).toBe(true);
});

check('fetchCanceledAndClosedOrders', 'these, and what was refused by the book', async () => {
  const statuses = new Set((await taker.fetchCanceledAndClosedOrders(BTC)).map(({ status }) => status));
  expect(inAnyOrder([...statuses])).toEqual(inAnyOrder(['canceled', 'closed', 'rejected']));
});

check('fetchOrders', 'open and over, with clientOrderIds', async () => {
  const orders = await maker.fetchOrders(BTC);
  expect(orders.some(({ status }) => status === 'open')).toBe(true);
  expect(orders.map(({ clientOrderId }) => clientOrderId)).toContain(cloid(2));
});

check('setLeverage', 'what the account then has', async () => {
  await taker.setLeverage(7, BTC);
  await soon(async () => {
    const [position] = await taker.fetchPositions([BTC]);
    expect(position?.leverage).toBe(7);
  });
  expect((await bob.native.account()).leverages).toMatchObject([{ market: 'BTC-USD', leverage: 7 }]);
});

check('setMarginMode', 'cross: ok; isolated: refused, with the way to have it here', async () => {
  expect(await taker.setMarginMode('cross', ETH, { leverage: 5 })).toMatchObject({ status: 'ok' });
  const { text } = await refusalOf(taker.setMarginMode('isolated', ETH, { leverage: 5 }));
  expect(text).toMatch(/isolated/i);
});

check('cancelAllOrdersAfter', 'arms the dead-man switch; then all are gone', async () => {
  await maker.cancelAllOrdersAfter(60_000);
  await soon(async () => {
    const { cancelAllAfter } = await ann.native.account();
    expect(Math.abs(cancelAllAfter - (Date.now() + 60_000))).toBeLessThan(10_000);
  });
  await maker.cancelAllOrdersAfter(5_500);
  await ordersOf(ann, 0);
});

check('withdraw', 'refused: an agent never withdraws; the text says how it is done', async () => {
  const before = await bob.native.account();
  const { text } = await refusalOf(taker.withdraw('USDC', 100, bob.owner));
  expect(text).toMatch(/withdraw/i);
  expect((await bob.native.account()).collateral).toBe(before.collateral);
});

check('transfer', 'between spot and swap: nothing to do, ok', async () => {
  expect(await taker.transfer('USDC', 10, 'spot', 'swap')).toMatchObject({ status: 'ok' });
});

check('any', 'a key that nobody approved: refused with the address it recovers to', async () => {
  const stranger = await ccxtOf(venue, { owner: bob.owner, agentKey: `0x${'77'.repeat(32)}` });
  const { text } = await refusalOf(stranger.createOrder(BTC, 'limit', 'buy', 0.01, 50_000));
  expect(text).toMatch(/User or API Wallet 0x[0-9a-f]{40} does not exist/);
});

check('any', "signed for the other venue's mainnet: refused", async () => {
  const mainnet = await ccxtOf(venue, bob);
  mainnet.options.sandboxMode = false;
  const { text } = await refusalOf(mainnet.createOrder(BTC, 'limit', 'buy', 0.01, 50_000));
  expect(text).toMatch(/mainnet/i);
});

holdReadme();
