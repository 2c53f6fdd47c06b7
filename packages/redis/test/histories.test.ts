import { type OwnRedis, startRedis } from '@keel/test-servers';
import { toAccountId, toMarketId, toOrderId, toSequence } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectRedis } from '../src/connectRedis.ts';
import { encodeSteps, STEPS_ONLY, type Step } from '../src/diffSteps.ts';
import {
  CLOSED_ORDERS_PER_ACCOUNT_MAX,
  type EventStream,
  emptyStateDiff,
  LEDGER_PER_ACCOUNT_MAX,
  NO_HISTORY,
  type OrderUpdateDoc,
  openEventStream,
  openReadModel,
  openReadModelWriter,
  type Publication,
  type ReadModel,
  type ReadModelWriter,
} from '../src/index.ts';
import { closedOrderName, closedOrdersKey, closedOrdersKeyPrefix } from '../src/keys.ts';
import { loadScript, runScript } from '../src/script.ts';
import { diffAt, fullAt } from './diffAt.ts';
import {
  AGENT,
  accountOf,
  at,
  bookOrderOf,
  candleOf,
  closedOrderOf,
  depositOf,
  fillOf,
  fundingPaymentOf,
  fundingRateOf,
  headAt,
  liquidationEndedOf,
  OWNER,
  orderOf,
  tradeOf,
} from './documentsOf.ts';
import { until } from './until.ts';

const BTC = toMarketId(1);
const ALL = Number.MAX_SAFE_INTEGER;
const STRANGER = at(`0x${'99'.repeat(20)}`);
let redis: OwnRedis;
let writer: ReadModelWriter;
let reader: ReadModel;

beforeEach(async () => {
  redis = await startRedis();
  writer = await openReadModelWriter(redis.url);
  reader = await openReadModel(redis.url);
  await writer.rebuild({ ...fullAt(1), history: NO_HISTORY });
});
afterEach(async () => {
  await writer.close();
  await reader.close();
  await redis.stop();
});

const idsOf = (orders: readonly OrderUpdateDoc[]) => orders.map(({ order }) => order.orderId);

describe('orders that are over', () => {
  test('are kept newest first, by id and by the name their client gave them', async () => {
    const updates = [closedOrderOf(2, 7, 'a b'), closedOrderOf(2, 10, 'late'), closedOrderOf(3, 8)];
    // An open one of the same flush is no history.
    const open: OrderUpdateDoc = { ...closedOrderOf(3, 9), state: 'open', closeReason: undefined };
    await writer.write({ ...emptyStateDiff(headAt(3)), orderUpdates: [...updates, open] });
    for (const account of [at(OWNER), at(AGENT)]) {
      const { head, orders } = await reader.orderHistory(account, 10);
      expect(head.sequence).toBe(3);
      expect(orders).toEqual([updates[2], updates[1], updates[0]]);
    }
    const read = async (name: Parameters<ReadModel['orderState']>[1]) =>
      (await reader.orderState(at(OWNER), name)).order;
    expect(await read({ orderId: toOrderId(7) })).toEqual(updates[0]);
    expect(await read({ clientOrderId: 'a b' })).toEqual(updates[0]);
    expect(await read({ orderId: toOrderId(9) })).toBeUndefined();
    expect(await read({ clientOrderId: 'a' })).toBeUndefined();
    expect((await reader.orderState(STRANGER, { orderId: toOrderId(7) })).order).toBeUndefined();
    expect((await reader.orderHistory(STRANGER, 10)).orders).toEqual([]);

    // The name is used again: the newest has it.
    await writer.write({ ...emptyStateDiff(headAt(4)), orderUpdates: [closedOrderOf(4, 20, 'late')] });
    expect((await read({ clientOrderId: 'late' }))?.order.orderId).toBe(20);
  });

  test('an open order is told as it is: open, or triggered once it fired', async () => {
    const named = { ...orderOf(5, 3), clientOrderId: 'quote "1"' };
    await writer.write({ ...emptyStateDiff(headAt(2)), orders: [named, { ...orderOf(5, 4), firedMs: 9 }] });
    const { order, head } = await reader.orderState(at(OWNER), { clientOrderId: 'quote "1"' });
    expect(order).toEqual({
      accountId: 1,
      order: named,
      state: 'open',
      closeReason: undefined,
      closeCode: 0,
      timeMs: head.timeMs,
      sequence: 2,
    });
    expect((await reader.orderState(at(OWNER), { orderId: toOrderId(4) })).order?.state).toBe('triggered');
  });

  test('an account has the newest 2,000, and pages have whole sequences', async () => {
    // Three in each sequence.
    const updates = Array.from({ length: 2_400 }, (_, index) =>
      closedOrderOf(2 + Math.floor(index / 3), 1 + index, `c${index}`),
    );
    await writer.write({ ...emptyStateDiff(headAt(2_000)), orderUpdates: updates });
    const { orders } = await reader.orderHistory(at(OWNER), CLOSED_ORDERS_PER_ACCOUNT_MAX);
    expect(idsOf(orders)).toEqual(Array.from({ length: 2_000 }, (_, index) => 2_400 - index));
    expect((await reader.orderState(at(OWNER), { orderId: toOrderId(400) })).order).toBeUndefined();
    expect((await reader.orderState(at(OWNER), { clientOrderId: 'c399' })).order).toBeUndefined();
    expect((await reader.orderState(at(OWNER), { clientOrderId: 'c400' })).order?.order.orderId).toBe(401);

    expect(idsOf((await reader.orderHistory(at(OWNER), 2)).orders)).toEqual([2_400, 2_399]);
    const paged: number[] = [];
    for (let before = ALL; ; ) {
      const page = await reader.orderHistory(at(OWNER), 100, before);
      const last = page.orders.at(-1);
      if (last === undefined) break;
      expect(page.orders).toHaveLength(Math.min(102, 2_000 - paged.length));
      paged.push(...idsOf(page.orders));
      before = last.sequence;
    }
    expect(paged).toEqual(idsOf(orders));
  });

  test('of all accounts so many are kept: the oldest goes, whoever has it, and what its account dropped already is no matter', async () => {
    const client = await connectRedis(redis.url, { name: 'test', commandTimeoutMs: 5_000, reconnect: false });
    // Two of an account, four of all.
    const put = async (account: number, orderId: number, clientOrderId = '') => {
      const update = { ...closedOrderOf(orderId, orderId, clientOrderId), accountId: toAccountId(account) };
      const args = [account, closedOrderName(toOrderId(orderId)), clientOrderId, orderId, JSON.stringify(update)];
      const bounds = [2, 4, closedOrdersKeyPrefix];
      const step: Step = { name: 'setClosedOrders', key: closedOrdersKey, args: [...bounds, ...args] };
      const encoded = encodeSteps([step], 2);
      await runScript(
        client,
        loadScript('writeStateDiff'),
        ['h', 'e', ...encoded.keys],
        [...STEPS_ONLY, ...encoded.args],
      );
    };
    const other = `0x${'33'.repeat(20)}` as const;
    await writer.write({ ...emptyStateDiff(headAt(2)), accounts: [accountOf(2, 2, other)] });
    const kept = async () => [
      idsOf((await reader.orderHistory(at(OWNER), 10)).orders),
      idsOf((await reader.orderHistory(at(other), 10)).orders),
    ];
    await put(2, 1, 'first');
    for (const orderId of [2, 3, 4]) await put(1, orderId);
    expect(await kept()).toEqual([[4, 3], [1]]);
    await put(2, 5);
    // The list of all has 2, which account 1 has dropped: only 1 goes.
    expect(await kept()).toEqual([[4, 3], [5]]);
    expect((await reader.orderState(at(other), { clientOrderId: 'first' })).order).toBeUndefined();
    await put(2, 6);
    expect(await kept()).toEqual([
      [4, 3],
      [6, 5],
    ]);
    await put(2, 7);
    expect(await kept()).toEqual([[4], [7, 6]]);
    expect(await client.llen(closedOrdersKey)).toBe(4);
    client.disconnect();
  });
});

test('the orders of a book: bids then asks, best first, at one price by place in the queue', async () => {
  const bookOrders = [
    bookOrderOf(5, 10),
    bookOrderOf(6, 9),
    bookOrderOf(7, 8, 999_001),
    { ...bookOrderOf(8, 7, 1_000_002), side: 'sell' as const },
    { ...bookOrderOf(9, 6, 1_000_001), side: 'sell' as const },
    { ...bookOrderOf(1, 5), marketId: toMarketId(2) },
    { ...bookOrderOf(0, 1), queuePlace: 0 },
  ];
  await writer.write({ ...emptyStateDiff(headAt(2)), bookOrders });
  const ids = async () => (await reader.bookOrders(BTC)).orders.map(({ orderId }) => orderId);
  expect(await ids()).toEqual([8, 9, 10, 6, 7]);
  expect((await reader.bookOrders(BTC)).orders[0]).toEqual(bookOrders[2]);
  // 9 loses its place, 8 gets another price, 6 is gone.
  const later = [{ ...bookOrderOf(6, 9), queuePlace: 11 }, bookOrderOf(7, 8), bookOrderOf(0, 6)];
  await writer.write({ ...emptyStateDiff(headAt(3)), bookOrders: later });
  expect(await ids()).toEqual([8, 10, 9, 7]);
  await writer.rebuild({ ...fullAt(4), bookOrders: [bookOrderOf(1, 2)] });
  expect(await ids()).toEqual([2]);
  expect((await reader.bookOrders(toMarketId(2))).orders).toEqual([]);
});

describe('pages', () => {
  test('of every list go back by sequence and miss nothing', async () => {
    // Sequences 2 to 40, each twice.
    const sequences = Array.from({ length: 78 }, (_, index) => 2 + Math.floor(index / 2));
    await writer.write({
      ...emptyStateDiff(headAt(50)),
      trades: sequences.map(tradeOf),
      fills: sequences.map(fillOf),
      liquidations: sequences.map((sequence) => liquidationEndedOf(sequence, 1)),
      fundingPayments: sequences.map(fundingPaymentOf),
      fundingRates: sequences.map(fundingRateOf),
      ledger: sequences.map(depositOf),
    });
    const account = at(AGENT);
    const lists: Record<string, (limit: number, before?: number) => Promise<readonly { readonly sequence: number }[]>> =
      {
        trades: async (limit, before) => (await reader.trades(BTC, limit, before)).trades,
        fills: async (limit, before) => (await reader.fills(account, limit, before)).fills,
        liquidations: async (limit, before) => (await reader.liquidations(limit, before)).liquidations,
        accountLiquidations: async (limit, before) =>
          (await reader.accountLiquidations(account, limit, before)).liquidations,
        fundingPayments: async (limit, before) =>
          (await reader.fundingPayments(account, limit, before)).fundingPayments,
        fundingRates: async (limit, before) => (await reader.fundingRates(BTC, limit, before)).fundingRates,
        ledger: async (limit, before) => (await reader.ledger(account, limit, before)).ledger,
      };
    for (const [name, list] of Object.entries(lists)) {
      const newest = (docs: readonly { readonly sequence: number }[]) => docs.map(({ sequence }) => sequence);
      expect(newest(await list(3)), name).toEqual([40, 40, 39]);
      expect(newest(await list(3, ALL)), name).toEqual([40, 40, 39, 39]);
      expect(newest(await list(1, 40)), name).toEqual([39, 39]);
      expect(newest(await list(1, 3)), name).toEqual([2, 2]);
      expect(newest(await list(1, 2)), name).toEqual([]);
      const paged: number[] = [];
      for (let before = ALL; ; before = paged.at(-1) as number) {
        const page = newest(await list(7, before));
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged, name).toEqual(sequences.toReversed());
    }
    expect((await reader.ledger(STRANGER, 1, ALL)).ledger).toEqual([]);
  });

  test('lists keep their newest', async () => {
    const ledger = Array.from({ length: LEDGER_PER_ACCOUNT_MAX + 5 }, (_, index) => depositOf(2 + index));
    await writer.write({ ...emptyStateDiff(headAt(3_000)), ledger });
    const read = await reader.ledger(at(OWNER), LEDGER_PER_ACCOUNT_MAX);
    expect(read.ledger).toEqual(ledger.slice(5).toReversed());
  });
});

test('every interval has candles of its own', async () => {
  await writer.write({
    ...emptyStateDiff(headAt(2)),
    candles: [candleOf(60), { ...candleOf(60), interval: '1h' }, { ...candleOf(120), interval: '1h' }],
  });
  const openTimes = async (interval: '1m' | '1h' | '1d') =>
    (await reader.candles(BTC, interval, 10)).candles.map(({ openTimeMs }) => openTimeMs / 60_000);
  expect([await openTimes('1m'), await openTimes('1h'), await openTimes('1d')]).toEqual([[1, 60], [60, 120], []]);
});

describe('a rebuild', () => {
  test('carries histories on and adds what is newer', async () => {
    await writer.write(diffAt(2));
    await writer.rebuild(fullAt(3));
    const [orders, payments, rates, ledger] = [
      (await reader.orderHistory(at(OWNER), 10)).orders,
      (await reader.fundingPayments(at(OWNER), 10)).fundingPayments,
      (await reader.fundingRates(BTC, 10)).fundingRates,
      (await reader.ledger(at(OWNER), 10)).ledger,
    ];
    for (const docs of [orders, payments, rates, ledger]) expect(docs.map(({ sequence }) => sequence)).toEqual([3, 2]);
  });

  test('of another exchange drops them', async () => {
    await writer.write(diffAt(9));
    await writer.rebuild({ ...fullAt(5), history: { ...NO_HISTORY, orderUpdates: [closedOrderOf(4)] } });
    expect(idsOf((await reader.orderHistory(at(OWNER), 10)).orders)).toEqual([4]);
    expect((await reader.orderState(at(OWNER), { orderId: toOrderId(9) })).order).toBeUndefined();
    expect((await reader.orderState(at(OWNER), { orderId: toOrderId(5) })).order?.state).toBe('open');
    expect((await reader.ledger(at(OWNER), 10)).ledger).toEqual([]);
    expect((await reader.fundingRates(BTC, 10)).fundingRates).toEqual([]);
  });
});

test('followers are told what the keys hold', async () => {
  const publications: Publication[] = [];
  let live = false;
  const stream: EventStream = await openEventStream(redis.url, {
    onPublication: (publication) => publications.push(publication),
    onSettlement: () => undefined,
    onResync: () => {
      live = true;
    },
    onUnavailable: () => undefined,
  });
  await until(() => live);
  const open: OrderUpdateDoc = {
    accountId: toAccountId(1),
    order: orderOf(2, 2),
    state: 'open',
    closeReason: undefined,
    closeCode: 0,
    timeMs: 1_002,
    sequence: toSequence(2),
  };
  const diff = { ...diffAt(2), orders: [open.order], orderUpdates: [closedOrderOf(2, 1), open] };
  await writer.write(diff);
  await until(() => publications.length > 0);
  const [told] = publications;
  const { head, bookOrders, candles, orderUpdates, fundingPayments, fundingRates, ledger, trades, certificates } = diff;
  expect(told).toEqual({
    generation: (await reader.head()).generation,
    prevSequence: 1,
    ...{ head, bookOrders, candles, orderUpdates, fundingPayments, fundingRates, ledger, trades, certificates },
    ...{ markets: diff.markets, levels: diff.levels, fills: diff.fills, liquidations: [], exchange: diff.exchange },
    ...{ marginEvents: diff.marginEvents, auctions: diff.auctions, endedAuctions: [], collaterals: diff.collaterals },
    names: [[1, OWNER, 0]],
    touchedAccounts: [1],
  });
  await stream.close();
});
