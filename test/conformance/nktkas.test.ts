import {
  type ActiveAssetCtxWsEvent,
  type AllMidsWsEvent,
  type BboWsEvent,
  type CandleWsEvent,
  type ClearinghouseStateWsEvent,
  ExchangeClient,
  HttpTransport,
  InfoClient,
  type L2BookWsEvent,
  type OpenOrdersWsEvent,
  type OrderUpdatesWsEvent,
  SubscriptionClient,
  type TradesWsEvent,
  type UserEventsWsEvent,
  type UserFillsWsEvent,
  type UserNonFundingLedgerUpdatesWsEvent,
  WebSocketTransport,
} from '@nktkas/hyperliquid';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect } from 'vitest';
import { callTable } from './callTable.ts';
import { inAnyOrder } from './inAnyOrder.ts';
import { isFar, ordersOf } from './ordersOf.ts';
import { refusalOf } from './refusalOf.ts';
import { soon } from './soon.ts';
import { keyOf, startVenue, type Trader, type Venue } from './startVenue.ts';

const { check, holdReadme } = callTable('@nktkas/hyperliquid');
const BTC = 0;
const NOBODY = `0x${'99'.repeat(20)}` as const;
const NOBODY_KNOWN = `0x${'00'.repeat(20)}` as const;
const CLOID = `0x${'c1'.repeat(16)}` as const;

/** Ann quotes, Bob takes. */
let venue: Venue;
let ann: Trader;
let bob: Trader;
let info: InfoClient;
let maker: ExchangeClient;
let taker: ExchangeClient;
let overSocket: ExchangeClient;
let subscriptions: SubscriptionClient;
const sockets: WebSocketTransport[] = [];

beforeAll(async () => {
  venue = await startVenue();
  ann = await venue.trader('ann', '1000000');
  bob = await venue.trader('bob', '1000000');
  const transport = new HttpTransport({ apiUrl: venue.url, isTestnet: true });
  info = new InfoClient({ transport });
  maker = new ExchangeClient({ transport, wallet: privateKeyToAccount(ann.agentKey) });
  taker = new ExchangeClient({ transport, wallet: privateKeyToAccount(bob.agentKey) });
  const socket = new WebSocketTransport({ url: venue.wsUrl, isTestnet: true });
  sockets.push(socket);
  await socket.ready();
  subscriptions = new SubscriptionClient({ transport: socket });
  overSocket = new ExchangeClient({ transport: socket, wallet: privateKeyToAccount(ann.agentKey) });
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await venue?.stop();
});

const limit = (b: boolean, p: string, s: string, tif: 'Gtc' | 'Ioc' | 'Alo' = 'Gtc') =>
  ({ a: BTC, b, p, s, r: false, t: { limit: { tif } } }) as const;
/** One bid of Ann's at a price nobody meets. */
async function farBid(p = '50000', by = maker): Promise<number> {
  const { response } = await by.order({ orders: [limit(true, p, '0.01')], grouping: 'na' });
  const [status] = response.data.statuses;
  if (typeof status !== 'object' || !('resting' in status)) throw new Error(`does not rest: ${JSON.stringify(status)}`);
  return status.resting.oid;
}

check('order', 'limit orders, two in one action: both rest', async () => {
  const { response } = await maker.order({
    orders: [limit(true, '59990', '0.5'), limit(false, '60010', '0.5')],
    grouping: 'na',
  });
  const oids = response.data.statuses.map((status) =>
    typeof status === 'object' && 'resting' in status ? status.resting.oid : 0,
  );
  const open = await ordersOf(ann, 2);
  expect(inAnyOrder(open.map(({ orderId }) => Number(orderId)))).toEqual(inAnyOrder(oids));
});

check('order', 'Ioc: filled, with size and price', async () => {
  const { response } = await taker.order({ orders: [limit(true, '60010', '0.2', 'Ioc')], grouping: 'na' });
  expect(response.data.statuses).toMatchObject([{ filled: { totalSz: '0.2', avgPx: '60010' } }]);
});

check('order', 'Alo that would trade: refused in the words that bots look for', async () => {
  expect(
    (await refusalOf(taker.order({ orders: [limit(true, '60010', '0.2', 'Alo')], grouping: 'na' }))).text,
  ).toContain('Post only order would have immediately matched');
});

check('order', 'with a builder: taken, and its fee charged to nobody', async () => {
  const builder = { b: NOBODY, f: 10 } as const;
  const { response } = await maker.order({ orders: [limit(true, '50000', '0.01')], grouping: 'na', builder });
  const [status] = response.data.statuses;
  if (typeof status !== 'object' || !('resting' in status)) throw new Error(JSON.stringify(status));
  await maker.cancel({ cancels: [{ a: BTC, o: status.resting.oid }] });
});

check('order', 'normalTpsl: a parent with both exits', async () => {
  const exit = (tpsl: 'tp' | 'sl', px: string) =>
    ({ a: BTC, b: false, p: px, s: '0.1', r: true, t: { trigger: { isMarket: true, triggerPx: px, tpsl } } }) as const;
  await taker.order({
    orders: [limit(true, '60010', '0.1'), exit('tp', '66000'), exit('sl', '54000')],
    grouping: 'normalTpsl',
  });
  const exits = await ordersOf(bob, 2);
  expect(inAnyOrder(exits.map(({ triggerPrice }) => triggerPrice))).toEqual(inAnyOrder(['54000', '66000']));
});

check('order', 'with an expiresAfter that has passed: refused', async () => {
  const late = maker.order(
    { orders: [limit(true, '50000', '0.01')], grouping: 'na' },
    { expiresAfter: Date.now() - 60_000 },
  );
  expect((await refusalOf(late)).text).not.toBe('');
  await ordersOf(ann, 0, isFar);
});

check('cancel', 'by oid; again: refused', async () => {
  const oid = await farBid();
  const { response } = await maker.cancel({ cancels: [{ a: BTC, o: oid }] });
  expect(response.data.statuses).toEqual(['success']);
  expect((await refusalOf(maker.cancel({ cancels: [{ a: BTC, o: oid }] }))).text).toContain(
    'Order was never placed, already canceled, or filled.',
  );
});

check('cancelByCloid', 'by cloid', async () => {
  await maker.order({ orders: [{ ...limit(true, '50000', '0.01'), c: CLOID }], grouping: 'na' });
  const { response } = await maker.cancelByCloid({ cancels: [{ asset: BTC, cloid: CLOID }] });
  expect(response.data.statuses).toEqual(['success']);
});

check('modify', 'price and size', async () => {
  await ordersOf(ann, 0, isFar);
  const oid = await farBid();
  await maker.modify({ oid, order: limit(true, '50100', '0.02') });
  const [bid] = await ordersOf(ann, 1, isFar);
  expect(bid).toMatchObject({ price: '50100', remainingSize: '0.02' });
  await maker.cancel({ cancels: [{ a: BTC, o: Number(bid?.orderId) }] });
  await ordersOf(ann, 0, isFar);
});

check('batchModify', 'two at once', async () => {
  const oids = [await farBid(), await farBid('50001')];
  await maker.batchModify({ modifies: oids.map((oid, at) => ({ oid, order: limit(true, `5020${at}`, '0.03') })) });
  const bids = await ordersOf(ann, 2, isFar);
  expect(inAnyOrder(bids.map(({ price, remainingSize }) => `${price} ${remainingSize}`))).toEqual(
    inAnyOrder(['50200 0.03', '50201 0.03']),
  );
  await maker.cancel({ cancels: bids.map(({ orderId }) => ({ a: BTC, o: Number(orderId) })) });
});

check('updateLeverage', 'cross: set; isolated: refused', async () => {
  await taker.updateLeverage({ asset: BTC, isCross: true, leverage: 9 });
  const set = { market: 'BTC-USD', leverage: 9 };
  await soon(async () => expect((await bob.native.account()).leverages).toMatchObject([set]));
  expect((await refusalOf(taker.updateLeverage({ asset: BTC, isCross: false, leverage: 9 }))).text).toMatch(
    /isolated/i,
  );
});

check('updateIsolatedMargin', 'refused, with the way to have it here', async () => {
  expect((await refusalOf(taker.updateIsolatedMargin({ asset: BTC, isBuy: true, ntli: 1_000_000 }))).text).toMatch(
    /isolated/i,
  );
});

check('scheduleCancel', 'sets and clears the dead-man switch', async () => {
  await maker.scheduleCancel({ time: Date.now() + 60_000 });
  await soon(async () => expect((await ann.native.account()).cancelAllAfter).toBeGreaterThan(Date.now()));
  await maker.scheduleCancel();
  await soon(async () => expect((await ann.native.account()).cancelAllAfter).toBe(0));
});

check('noop, usdClassTransfer, approveBuilderFee, setReferrer', 'ok, and nothing changes', async () => {
  const before = await ann.native.account();
  await maker.noop({ nonce: Date.now() });
  await maker.usdClassTransfer({ amount: '1', toPerp: true });
  await maker.approveBuilderFee({ builder: NOBODY, maxFeeRate: '0.01%' });
  await maker.setReferrer({ code: 'KEEL' });
  expect((await ann.native.account()).collateral).toBe(before.collateral);
});

check('withdraw3, usdSend, approveAgent', 'refused, each with the way it is done here', async () => {
  const before = await ann.native.account();
  expect((await refusalOf(maker.withdraw3({ destination: ann.owner, amount: '10' }))).text).toMatch(/withdraw/i);
  expect((await refusalOf(maker.usdSend({ destination: bob.owner, amount: '10' }))).text).not.toBe('');
  expect((await refusalOf(maker.approveAgent({ agentAddress: NOBODY, agentName: 'x' }))).text).toMatch(/agent/i);
  expect((await ann.native.account()).collateral).toBe(before.collateral);
});

check('order', "with the owner's own key: refused, with how to approve another", async () => {
  const transport = new HttpTransport({ apiUrl: venue.url, isTestnet: true });
  const owner = new ExchangeClient({ transport, wallet: privateKeyToAccount(keyOf('ann')) });
  expect((await refusalOf(owner.order({ orders: [limit(true, '50000', '0.01')], grouping: 'na' }))).text).toMatch(
    /agent/i,
  );
});

check('order, cancel', 'over the WebSocket', async () => {
  const oid = await farBid('50000', overSocket);
  const { response } = await overSocket.cancel({ cancels: [{ a: BTC, o: oid }] });
  expect(response.data.statuses).toEqual(['success']);
});

check('meta, metaAndAssetCtxs', 'markets in order, and their figures', async () => {
  const { universe } = await info.meta();
  expect(universe.map(({ name, szDecimals, maxLeverage }) => [name, szDecimals, maxLeverage])).toEqual([
    ['BTC', 5, 25],
    ['ETH', 4, 25],
    ['SOL', 2, 20],
  ]);
  await soon(async () => {
    const [meta, contexts] = await info.metaAndAssetCtxs();
    expect(meta.universe).toEqual(universe);
    expect(contexts[BTC]).toMatchObject({ oraclePx: '60000', midPx: '60000', openInterest: '0.3' });
  });
});

check(
  'allMids, l2Book, recentTrades, candleSnapshot',
  'the middle, levels, trades and the candle of them',
  async () => {
    expect(await info.allMids()).toMatchObject({ BTC: '60000' });
    const book = await info.l2Book({ coin: 'BTC' });
    expect(book?.levels).toEqual([[{ px: '59990', sz: '0.5', n: 1 }], [{ px: '60010', sz: '0.2', n: 1 }]]);
    const trades = await info.recentTrades({ coin: 'BTC' });
    expect(trades.map(({ px, sz, side }) => [px, sz, side])).toEqual([
      ['60010', '0.1', 'B'],
      ['60010', '0.2', 'B'],
    ]);
    // Public trades name nobody here.
    expect(trades[0]?.users).toEqual([NOBODY_KNOWN, NOBODY_KNOWN]);
    const startTime = Date.now() - 86_400_000;
    const candles = await info.candleSnapshot({ coin: 'BTC', interval: '1d', startTime });
    expect(candles.at(-1)).toMatchObject({ s: 'BTC', i: '1d', o: '60010', c: '60010', v: '0.3', n: 2 });
  },
);

check('clearinghouseState, spotClearinghouseState, activeAssetData', 'money, position and leverage', async () => {
  const state = await info.clearinghouseState({ user: bob.owner });
  const account = await bob.native.account();
  expect(Number(state.marginSummary.accountValue)).toBe(Number(account.equity));
  expect(state.withdrawable).toBe(account.withdrawable);
  expect(state.assetPositions).toMatchObject([
    {
      type: 'oneWay',
      position: { coin: 'BTC', szi: '0.3', entryPx: '60010', leverage: { type: 'cross', value: 9 }, maxLeverage: 25 },
    },
  ]);
  expect((await info.spotClearinghouseState({ user: bob.owner })).balances).toBeInstanceOf(Array);
  const data = await info.activeAssetData({ user: bob.owner, coin: 'BTC' });
  expect(data).toMatchObject({ coin: 'BTC', leverage: { type: 'cross', value: 9 } });
});

check('openOrders, frontendOpenOrders, orderStatus, historicalOrders', 'what rests, waits and was', async () => {
  const open = await info.openOrders({ user: ann.owner });
  expect(inAnyOrder(open.map(({ side, limitPx, sz, origSz }) => [side, limitPx, sz, origSz]))).toEqual(
    inAnyOrder([
      ['A', '60010', '0.2', '0.5'],
      ['B', '59990', '0.5', '0.5'],
    ]),
  );
  const exits = await info.frontendOpenOrders({ user: bob.owner });
  expect(inAnyOrder(exits.map(({ isTrigger, triggerPx, reduceOnly }) => [isTrigger, triggerPx, reduceOnly]))).toEqual(
    inAnyOrder([
      [true, '54000', true],
      [true, '66000', true],
    ]),
  );
  const oid = open[0]?.oid ?? 0;
  expect(await info.orderStatus({ user: ann.owner, oid })).toMatchObject({
    status: 'order',
    order: { status: 'open', order: { oid } },
  });
  expect(await info.orderStatus({ user: ann.owner, oid: CLOID })).toMatchObject({
    order: { status: 'canceled', order: { cloid: CLOID } },
  });
  expect(await info.orderStatus({ user: ann.owner, oid: 999_999 })).toEqual({ status: 'unknownOid' });
  const statuses = (await info.historicalOrders({ user: bob.owner })).map(({ status }) => status);
  expect(statuses).toContain('filled');
});

check('userFills, userFillsByTime, userFees', 'price, size, fee, who was maker', async () => {
  const fills = await info.userFills({ user: ann.owner });
  expect(fills.map(({ px, sz, side, crossed, fee }) => [px, sz, side, crossed, fee])).toEqual([
    ['60010', '0.1', 'A', false, '0.6001'],
    ['60010', '0.2', 'A', false, '1.2002'],
  ]);
  expect(await info.userFillsByTime({ user: ann.owner, startTime: Date.now() - 600_000 })).toHaveLength(2);
  expect(await info.userFees({ user: ann.owner })).toMatchObject({ userAddRate: '0.0001', userCrossRate: '0.0004' });
});

check('userFunding, userNonFundingLedgerUpdates', 'none yet; the deposit', async () => {
  expect(await info.userFunding({ user: ann.owner })).toEqual([]);
  expect(await info.userNonFundingLedgerUpdates({ user: ann.owner })).toMatchObject([
    { delta: { type: 'deposit', usdc: '1000000' } },
  ]);
});

check(
  'userRole, extraAgents, subAccounts, userRateLimit, maxBuilderFee',
  'owner and agent, and what they may',
  async () => {
    const agent = privateKeyToAccount(ann.agentKey).address.toLowerCase() as `0x${string}`;
    expect(await info.userRole({ user: ann.owner })).toMatchObject({ role: 'user' });
    expect(await info.userRole({ user: agent })).toEqual({ role: 'agent', data: { user: ann.owner } });
    expect(await info.userRole({ user: NOBODY })).toEqual({ role: 'missing' });
    expect(await info.extraAgents({ user: ann.owner })).toMatchObject([{ address: agent, name: 'bot' }]);
    expect(await info.subAccounts({ user: ann.owner })).toBeNull();
    expect((await info.userRateLimit({ user: ann.owner })).nRequestsCap).toBeGreaterThanOrEqual(10_000);
    expect(await info.maxBuilderFee({ user: ann.owner, builder: NOBODY })).toBe(0);
  },
);

check('openOrders', 'asked by the agent: those of its owner', async () => {
  const user = privateKeyToAccount(ann.agentKey).address;
  expect(await info.openOrders({ user })).toEqual(await info.openOrders({ user: ann.owner }));
});

check('exchangeStatus, spotMeta, perpDexs, userAbstraction, webData2', 'what clients ask at their start', async () => {
  expect(Math.abs((await info.exchangeStatus()).time - Date.now())).toBeLessThan(10_000);
  expect((await info.spotMeta()).tokens.map(({ name }) => name)).toContain('USDC');
  expect(await info.perpDexs()).toEqual([null]);
  expect(await info.userAbstraction({ user: ann.owner })).toBe('disabled');
  expect(await info.webData2({ user: bob.owner })).toMatchObject({
    clearinghouseState: { assetPositions: [{ position: { coin: 'BTC' } }] },
  });
});

/** The first frame of a subscription that fits, while `act` is what makes it come. */
async function firstFrame<Frame>(
  subscribe: (listen: (frame: Frame) => void) => Promise<{ unsubscribe(): Promise<void> }>,
  fits: (frame: Frame) => boolean,
  act: () => Promise<unknown> = async () => undefined,
): Promise<Frame> {
  const frames: Frame[] = [];
  const subscription = await subscribe((frame) => frames.push(frame));
  await act();
  const found = await soon(async () => {
    const frame = frames.find(fits);
    if (frame === undefined) throw new Error(`not in ${JSON.stringify(frames).slice(0, 500)}`);
    return frame;
  });
  await subscription.unsubscribe();
  return found;
}

const takeSome = (s: string) => () => taker.order({ orders: [limit(true, '60010', s, 'Ioc')], grouping: 'na' });

check('l2Book, bbo, allMids', 'best prices and the middle', async () => {
  const book = await firstFrame<L2BookWsEvent>(
    (listen) => subscriptions.l2Book({ coin: 'BTC' }, listen),
    () => true,
  );
  expect(book.levels[0][0]).toMatchObject({ px: '59990', sz: '0.5' });
  const best = await firstFrame<BboWsEvent>(
    (listen) => subscriptions.bbo({ coin: 'BTC' }, listen),
    () => true,
    () => farBid('50002'),
  );
  expect(best.bbo).toMatchObject([{ px: '59990' }, { px: '60010' }]);
  const mids = await firstFrame<AllMidsWsEvent>(
    (listen) => subscriptions.allMids(listen),
    () => true,
  );
  expect(mids.mids).toMatchObject({ BTC: '60000' });
});

check('trades, candle', 'a trade, and its candle', async () => {
  const trades = await firstFrame<TradesWsEvent>(
    (listen) => subscriptions.trades({ coin: 'BTC' }, listen),
    (frame) => frame.some(({ sz }) => sz === '0.011'),
    takeSome('0.011'),
  );
  expect(trades.find(({ sz }) => sz === '0.011')).toMatchObject({ coin: 'BTC', side: 'B', px: '60010' });
  const candle = await firstFrame<CandleWsEvent>(
    (listen) => subscriptions.candle({ coin: 'BTC', interval: '1d' }, listen),
    ({ v }) => Number(v) >= 0.323,
    takeSome('0.012'),
  );
  expect(candle).toMatchObject({ s: 'BTC', i: '1d', c: '60010', v: '0.323' });
});

check('activeAssetCtx', 'mark, oracle, open interest', async () => {
  const frame = await firstFrame<ActiveAssetCtxWsEvent>(
    (listen) => subscriptions.activeAssetCtx({ coin: 'BTC' }, listen),
    () => true,
  );
  expect(frame).toMatchObject({ coin: 'BTC', ctx: { oraclePx: '60000', openInterest: '0.323' } });
});

check('orderUpdates, userFills, userEvents', 'the order and the fill of a taker', async () => {
  const user = bob.owner;
  const [updates, fills, events] = await Promise.all([
    firstFrame<OrderUpdatesWsEvent>(
      (listen) => subscriptions.orderUpdates({ user }, listen),
      (frame) => frame.some(({ status }) => status === 'filled'),
      takeSome('0.013'),
    ),
    firstFrame<UserFillsWsEvent>(
      (listen) => subscriptions.userFills({ user }, listen),
      (frame) => frame.fills.some(({ sz }) => sz === '0.013'),
    ),
    firstFrame<UserEventsWsEvent>(
      (listen) => subscriptions.userEvents({ user }, listen),
      (frame) => 'fills' in frame,
    ),
  ]);
  expect(updates[0]).toMatchObject({ order: { coin: 'BTC', side: 'B' } });
  expect(fills.fills.find(({ sz }) => sz === '0.013')).toMatchObject({ px: '60010', crossed: true });
  expect(events).toMatchObject({ fills: [{ coin: 'BTC', sz: '0.013' }] });
});

check('clearinghouseState, openOrders', 'the account as it is', async () => {
  const state = await firstFrame<ClearinghouseStateWsEvent>(
    (listen) => subscriptions.clearinghouseState({ user: bob.owner }, listen),
    () => true,
  );
  expect(state.clearinghouseState.assetPositions).toMatchObject([{ position: { coin: 'BTC', szi: '0.336' } }]);
  const open = await firstFrame<OpenOrdersWsEvent>(
    (listen) => subscriptions.openOrders({ user: bob.owner }, listen),
    () => true,
  );
  expect(open.orders).toHaveLength(2);
});

check('userNonFundingLedgerUpdates', 'a deposit as it comes', async () => {
  const frame = await firstFrame<UserNonFundingLedgerUpdatesWsEvent>(
    (listen) => subscriptions.userNonFundingLedgerUpdates({ user: ann.owner }, listen),
    ({ nonFundingLedgerUpdates }) =>
      nonFundingLedgerUpdates.some(({ delta }) => delta.type === 'deposit' && delta.usdc === '77'),
    () => venue.deposit(ann.owner, '77'),
  );
  expect(frame.user).toBe(ann.owner);
});

holdReadme();
