import { type OwnRedis, startRedis } from '@keel/test-servers';
import { toAccountId, toMarketId, toOrderId } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CANDLES_PER_MARKET_MAX,
  CERTIFICATES_MAX,
  emptyStateDiff,
  FILLS_PER_ACCOUNT_MAX,
  LIQUIDATIONS_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  NO_HISTORY,
  openReadModel,
  openReadModelWriter,
  openSettlementWriter,
  type ReadModel,
  ReadModelUnavailable,
  type ReadModelWriter,
  RedisUnreachable,
  TRADES_PER_MARKET_MAX,
} from '../src/index.ts';
import { diffAt, fullAt } from './diffAt.ts';
import {
  AGENT,
  accountOf,
  approvedBy,
  at,
  auctionOf,
  candleOf,
  certificateOf,
  collateralOf,
  deleveragedOf,
  fillOf,
  headAt,
  liquidationEndedOf,
  marginCallOf,
  marketOf,
  OWNER,
  orderOf,
  priceOf,
  tradeOf,
  ZERO_ROOT,
} from './documentsOf.ts';
import { until } from './until.ts';

const BTC = toMarketId(1);
let redis: OwnRedis;
let writer: ReadModelWriter;
let reader: ReadModel;

beforeEach(async () => {
  redis = await startRedis();
  writer = await openReadModelWriter(redis.url);
  reader = await openReadModel(redis.url);
});
afterEach(async () => {
  await writer.close();
  await reader.close();
  await redis.stop();
});

describe('a writer that starts', () => {
  test('asks for a rebuild before anything else, and an empty read model is unavailable', async () => {
    expect(await writer.write(diffAt(1))).toBe('rebuildNeeded');
    await expect(reader.head()).rejects.toThrow(ReadModelUnavailable);
    await writer.rebuild(fullAt(1));
    expect((await reader.head()).sequence).toBe(1);
    expect(await writer.write(diffAt(2))).toBe('written');
    expect((await reader.head()).sequence).toBe(2);
  });

  test('says in one sentence that Redis is not there, without the password', async () => {
    const fault = await openReadModelWriter('redis://user:hunter2@127.0.0.1:1').catch((caught: unknown) => caught);
    expect(fault).toBeInstanceOf(RedisUnreachable);
    expect((fault as Error).message).toContain('Redis at 127.0.0.1:1 cannot be reached');
    expect((fault as Error).message).not.toContain('hunter2');
  });
});

describe('what is written is what is read', () => {
  test('book, best levels first; a level of 0 lots is gone', async () => {
    await writer.rebuild(fullAt(1));
    await writer.write({
      ...emptyStateDiff(headAt(2)),
      levels: [
        { marketId: BTC, side: 'buy', priceTicks: 998_000, sizeLots: 7 },
        { marketId: BTC, side: 'buy', priceTicks: 90_000, sizeLots: 8 },
        { marketId: BTC, side: 'sell', priceTicks: 1_001_000, sizeLots: 0 },
      ],
    });
    const book = await reader.book(BTC, 2);
    expect(book.head.sequence).toBe(2);
    expect(book.bids).toEqual([
      [999_000, 1],
      [998_000, 7],
    ]);
    expect(book.asks).toEqual([[2_000_001, 1]]);
    expect((await reader.book(toMarketId(9), 5)).bids).toEqual([]);
    const whole = await reader.wholeBook(BTC);
    expect(whole.bids.map(([ticks]) => ticks)).toEqual([999_000, 998_000, 90_000]);
    expect(whole.asks).toEqual([[2_000_001, 1]]);
    expect(await reader.names([toAccountId(1), toAccountId(7)])).toEqual(
      new Map([[1, { owner: OWNER, subaccount: 0 }]]),
    );
  });

  test('an account by its owner, by its agent, by its id; an agent revoked is nobody', async () => {
    await writer.rebuild(fullAt(1));
    for (const view of [
      await reader.account(at(OWNER)),
      await reader.account(at(AGENT)),
      await reader.accountById(toAccountId(1)),
    ]) {
      expect(view.account).toEqual(accountOf(1));
      expect(view.orders).toEqual([orderOf(1, 1)]);
      expect(view.markets).toEqual([marketOf(1)]);
    }
    const stranger = await reader.account(at(`0x${'99'.repeat(20)}`));
    expect(stranger.account).toBeUndefined();
    expect(stranger.orders).toEqual([]);

    await writer.write({
      ...emptyStateDiff(headAt(2)),
      accounts: [{ ...accountOf(1), agents: [] }],
      approvals: [approvedBy()],
    });
    expect((await reader.account(at(AGENT))).account).toBeUndefined();
    expect((await reader.account(at(OWNER))).account?.agents).toEqual([]);
  });

  test('an agent leads to the first owner whose approval stands: revoked and expired ones give way', async () => {
    await writer.rebuild(fullAt(1));
    const other = accountOf(2, 2, `0x${'33'.repeat(20)}`);
    const third = accountOf(2, 3, `0x${'44'.repeat(20)}`);
    // Account 1 approved first and until a time, 2 for shorter, so it never leads while 1 stands, 3 for ever.
    const untilMs = headAt(4).timeMs;
    const approvals = [
      { accountId: toAccountId(1), expiresAtMs: untilMs },
      { accountId: toAccountId(2), expiresAtMs: untilMs - 1 },
      { accountId: toAccountId(3), expiresAtMs: 0 },
    ];
    const docs = { accounts: [other, third], approvals: [{ agent: AGENT, approvals }] };
    await writer.write({ ...emptyStateDiff(headAt(2)), ...docs });
    const leadsTo = async () => {
      const { account } = await reader.account(at(AGENT));
      expect((await reader.accounts(AGENT)).accounts.map(({ accountId }) => accountId)).toEqual(
        account === undefined ? [] : [account.accountId],
      );
      return account?.accountId;
    };
    expect(await leadsTo()).toBe(1);
    await writer.write(emptyStateDiff(headAt(4)));
    expect(await leadsTo(), 'its last moment').toBe(1);
    await writer.write(emptyStateDiff(headAt(5)));
    expect(await leadsTo(), 'expired').toBe(3);
    await writer.write({
      ...emptyStateDiff(headAt(6)),
      approvals: [{ agent: AGENT, approvals: approvals.slice(0, 2) }],
    });
    expect(await leadsTo(), 'revoked, and the others have expired').toBeUndefined();
    await writer.write({ ...emptyStateDiff(headAt(7)), approvals: [approvedBy(2, 1)] });
    expect(await leadsTo()).toBe(2);
  });

  test('an agent that is given an account of its own acts for its owner all the same', async () => {
    await writer.rebuild(fullAt(1));
    await writer.write({ ...emptyStateDiff(headAt(2)), accounts: [accountOf(2, 2, AGENT)] });
    expect((await reader.account(at(AGENT))).account?.accountId).toBe(2);
    expect((await reader.accountOfAgent(AGENT)).account).toEqual(accountOf(1));
    expect((await reader.accountOfAgent(OWNER)).account).toBeUndefined();
  });

  test('orders come and go', async () => {
    await writer.rebuild(fullAt(1));
    expect(await reader.order(toAccountId(1), toOrderId(1))).toEqual(orderOf(1, 1));
    await writer.write(diffAt(2));
    expect(await reader.order(toAccountId(1), toOrderId(1))).toBeUndefined();
    expect((await reader.account(at(OWNER))).orders.map((order) => order.orderId)).toEqual([2]);
  });

  test('an order waits, rests and is amended under one id', async () => {
    await writer.rebuild(fullAt(1));
    const trigger = { kind: 'trailingStop', triggerTicks: 0, trailTicks: 500 } as const;
    const waiting = { ...orderOf(9, 9), state: 'waiting', shownLots: 0, queuePlace: 0, trigger } as const;
    const states = [waiting, orderOf(9, 9), { ...orderOf(7, 9), priceTicks: 998_000, queuePlace: 12 }];
    for (const [at, order] of states.entries()) {
      await writer.write({ ...emptyStateDiff(headAt(2 + at)), orders: [order] });
      expect(await reader.order(toAccountId(1), toOrderId(9))).toEqual(order);
    }
    expect((await reader.account(at(OWNER))).orders).toHaveLength(2);
  });

  test('lists are newest first and keep their bound', async () => {
    await writer.rebuild(fullAt(1));
    const many = Array.from({ length: TRADES_PER_MARKET_MAX + 50 }, (_, at) => at + 2);
    await writer.write({
      ...emptyStateDiff(headAt(2_000)),
      trades: many.map(tradeOf),
      fills: many.map(fillOf),
      candles: Array.from({ length: CANDLES_PER_MARKET_MAX + 7 }, (_, minute) => candleOf(minute)),
    });
    const { trades } = await reader.trades(BTC, TRADES_PER_MARKET_MAX);
    expect(trades.map((trade) => trade.tradeId)).toEqual(many.toReversed().slice(0, TRADES_PER_MARKET_MAX));
    expect((await reader.fills(at(AGENT), FILLS_PER_ACCOUNT_MAX)).fills).toHaveLength(FILLS_PER_ACCOUNT_MAX);
    const { candles } = await reader.candles(BTC, '1m', CANDLES_PER_MARKET_MAX);
    expect(candles).toHaveLength(CANDLES_PER_MARKET_MAX);
    expect(candles[0]?.openTimeMs).toBe(7 * 60_000);
    expect((await reader.candles(BTC, '1m', 2)).candles.map((candle) => candle.openTimeMs)).toEqual([
      (CANDLES_PER_MARKET_MAX + 5) * 60_000,
      (CANDLES_PER_MARKET_MAX + 6) * 60_000,
    ]);
  });

  test("an account's liquidations do not scroll away behind everybody's, and keep their bound", async () => {
    await writer.rebuild(fullAt(1));
    const others = Array.from({ length: LIQUIDATIONS_MAX }, (_, at) => liquidationEndedOf(at + 10, 7));
    await writer.write({
      ...emptyStateDiff(headAt(2_000)),
      liquidations: [liquidationEndedOf(2, 1), deleveragedOf(3, 7, 1), ...others],
    });
    const { head, liquidations } = await reader.accountLiquidations(at(AGENT), LIQUIDATIONS_PER_ACCOUNT_MAX);
    expect(head.sequence).toBe(2_000);
    expect(liquidations).toEqual([deleveragedOf(3, 7, 1), liquidationEndedOf(2, 1)]);
    expect((await reader.liquidations(LIQUIDATIONS_MAX)).liquidations.map((doc) => doc.sequence)).not.toContain(3);
    expect(await redis.client.llen('keel:liquidations:7')).toBe(LIQUIDATIONS_PER_ACCOUNT_MAX);
    expect((await reader.accountLiquidations(at(`0x${'99'.repeat(20)}`), 10)).liquidations).toEqual([]);
  });

  test('an owner has many accounts: each by its number, all of them at once, agents of the main one for all', async () => {
    await writer.rebuild(fullAt(1));
    const sub = { ...accountOf(7, 2), subaccount: 3, mainAccountId: toAccountId(1), agents: [] };
    const isolated = { ...sub, accountId: toAccountId(9), subaccount: 129 };
    await writer.write({
      ...emptyStateDiff(headAt(2)),
      accounts: [isolated, sub],
      orders: [orderOf(1, 5, 2)],
      fills: [{ ...fillOf(2), accountId: toAccountId(2) }],
    });
    for (const address of [OWNER, AGENT]) {
      const view = await reader.account(at(address, 3));
      expect(view.account).toEqual(sub);
      expect(view.orders.map((order) => order.orderId)).toEqual([5]);
      expect(view.agents).toEqual(accountOf(1).agents);
      expect((await reader.account(at(address))).account?.accountId).toBe(1);
      expect((await reader.account(at(address, 4))).account).toBeUndefined();
      expect((await reader.accounts(address)).accounts.map((account) => account.subaccount)).toEqual([0, 3, 129]);
      expect((await reader.fills(at(address, 3), 5)).fills.map((fill) => fill.accountId)).toEqual([2]);
      expect((await reader.fills(at(address, 4), 5)).fills).toEqual([]);
    }
    const stranger = `0x${'99'.repeat(20)}` as const;
    expect((await reader.account(at(stranger, 3))).account).toBeUndefined();
    expect((await reader.accounts(stranger)).accounts).toEqual([]);
    expect(await reader.names([toAccountId(9)])).toEqual(new Map([[9, { owner: OWNER, subaccount: 129 }]]));
    await writer.rebuild(fullAt(3));
    expect((await reader.accounts(OWNER)).accounts.map((account) => account.subaccount)).toEqual([0]);
  });

  test('certificates by id, by liquidation and by account, newest first, the oldest ones go', async () => {
    await writer.rebuild({ ...fullAt(1), history: NO_HISTORY });
    const bankrupt = accountOf(2, 2, `0x${'33'.repeat(20)}`);
    const [first, second] = [certificateOf(9, 1, 2), certificateOf(10, 1, 2, 1)];
    const third = certificateOf(11, 2, 1);
    await writer.write({
      ...emptyStateDiff(headAt(2)),
      accounts: [{ ...bankrupt, agents: [] }],
      certificates: [first, second, third],
    });
    expect((await reader.certificate(10)).certificate).toEqual(second);
    expect((await reader.certificate(8)).certificate).toBeUndefined();
    const idsOf = async (...asked: Parameters<ReadModel['certificates']>) =>
      (await reader.certificates(...asked)).certificates.map((certificate) => certificate.certificateId);
    expect(await idsOf(100)).toEqual([11, 10, 9]);
    expect(await idsOf(100, { liquidationId: 1 })).toEqual([10, 9]);
    expect(await idsOf(100, { liquidationId: 3 })).toEqual([]);
    expect(await idsOf(100, { account: at(bankrupt.owner) })).toEqual([10, 9]);
    // The other side of one, closed out in another.
    expect(await idsOf(100, { account: at(OWNER) })).toEqual([11, 10]);
    expect(await idsOf(1, { account: at(AGENT) })).toEqual([11]);
    expect(await idsOf(100, { account: at(OWNER, 5) })).toEqual([]);
    const many = Array.from({ length: CERTIFICATES_MAX - 1 }, (_, at) => certificateOf(at + 100, 7, 1));
    await writer.write({ ...emptyStateDiff(headAt(3)), certificates: many });
    expect(await idsOf(100, { liquidationId: 1 })).toEqual([]);
    expect((await reader.certificate(10)).certificate).toBeUndefined();
    expect((await reader.certificate(11)).certificate).toEqual(third);
    const size = (name: string) => redis.client.zcard(`keel:certificates:${name}`);
    expect(await Promise.all(['index', 'liquidation', 'account', 'counterparty'].map(size))).toEqual([
      CERTIFICATES_MAX,
      CERTIFICATES_MAX,
      CERTIFICATES_MAX,
      0,
    ]);
    expect(await redis.client.hlen('keel:certificates')).toBe(CERTIFICATES_MAX);
  });

  test('auctions come and go; prices, margin calls and collateral assets are read as written', async () => {
    await writer.rebuild(fullAt(1));
    await writer.write({ ...emptyStateDiff(headAt(2)), auctions: [auctionOf(4, 2), auctionOf(3)] });
    expect((await reader.auctions()).auctions).toEqual([auctionOf(3), auctionOf(4, 2)]);
    const { auctionId, accountId, marketId } = auctionOf(3);
    const ended = { auctionId, accountId, marketId, reason: 'healthy', remainingLots: 3 } as const;
    await writer.write({
      ...emptyStateDiff(headAt(3)),
      endedAuctions: [ended],
      prices: [priceOf(3)],
      collaterals: [collateralOf(3)],
      marginEvents: [marginCallOf(3, 1)],
    });
    expect((await reader.auctions()).auctions).toEqual([auctionOf(4, 2)]);
    expect((await reader.price('BTC-USD')).price).toEqual(priceOf(3));
    expect((await reader.price('collateral:BTC-USD')).price).toBeUndefined();
    expect((await reader.markets()).collaterals).toEqual([collateralOf(3)]);
    expect((await reader.account(at(OWNER))).collaterals).toEqual([collateralOf(3)]);
    expect((await reader.marginEvents(at(OWNER), 10)).marginEvents).toEqual([marginCallOf(3, 1), marginCallOf(1, 1)]);
    await writer.rebuild({ ...fullAt(4), auctions: [], prices: [] });
    expect((await reader.auctions()).auctions).toEqual([]);
    expect((await reader.price('BTC-USD')).price).toBeUndefined();
    expect((await reader.marginEvents(at(OWNER), 10)).marginEvents).toHaveLength(3);
  });

  test('a flush of 50,000 levels and 20,000 orders is still one step', async () => {
    await writer.rebuild(fullAt(1));
    const levels = Array.from({ length: 50_000 }, (_, at) => ({
      marketId: BTC,
      side: 'buy' as const,
      priceTicks: at + 1,
      sizeLots: 3,
    }));
    const orders = Array.from({ length: 20_000 }, (_, at) => orderOf(1, at + 10, 1 + (at % 50)));
    expect(await writer.write({ ...emptyStateDiff(headAt(2)), levels, orders })).toBe('written');
    expect((await reader.book(BTC, 5_000)).bids).toHaveLength(5_000);
    expect((await reader.accountById(toAccountId(50))).orders).toHaveLength(400);
  });

  test('batches and withdrawals of the settler outlive a rebuild', async () => {
    const settler = await openSettlementWriter(redis.url);
    const batch = {
      batchIndex: 0,
      prevBatchHash: ZERO_ROOT,
      batchHash: ZERO_ROOT,
      firstSequence: headAt(1).sequence,
      lastSequence: headAt(9).sequence,
      timeMs: 1,
      stateRoot: ZERO_ROOT,
      commandsRoot: ZERO_ROOT,
      withdrawalsRoot: ZERO_ROOT,
      withdrawalCount: 1,
      nextDepositIndex: 0,
      nextWithdrawalIndex: 1,
      status: 'sealed',
      l1TxHash: null,
      l1BlockNumber: null,
    } as const;
    const withdrawal = {
      withdrawalIndex: 0,
      recipient: OWNER,
      assetId: 0,
      amountAtoms: 5,
      batchIndex: 0,
      position: 0,
      count: 1,
      siblings: [],
      status: 'sealed',
      l1TxHash: null,
    } as const;
    await settler.putBatch(batch, [withdrawal]);
    await settler.putBatch({ ...batch, batchIndex: 1 }, []);
    await settler.putWithdrawals([{ ...withdrawal, status: 'paid' }]);
    await settler.close();
    await writer.rebuild(fullAt(1));
    expect((await reader.batches(10)).map((doc) => doc.batchIndex)).toEqual([1, 0]);
    expect(await reader.withdrawals(OWNER, 10)).toEqual([{ ...withdrawal, status: 'paid' }]);
  });
});

describe('Redis lost', () => {
  test('emptied: the next write changes nothing and asks for a rebuild, which brings everything back', async () => {
    await writer.rebuild(fullAt(1));
    await writer.write(diffAt(2));
    const before = await reader.head();
    await redis.client.flushall();
    expect(await writer.write(diffAt(3))).toBe('rebuildNeeded');
    expect(await redis.client.dbsize()).toBe(0);
    await expect(reader.account(at(OWNER))).rejects.toThrow(ReadModelUnavailable);
    await writer.rebuild(fullAt(3));
    const after = await reader.head();
    expect(after.sequence).toBe(3);
    expect(after.generation).not.toBe(before.generation);
    expect((await reader.account(at(OWNER))).account).toEqual(accountOf(3));
  });

  test('killed: writing and reading reject at once; back and empty: rebuild', async () => {
    await writer.rebuild(fullAt(1));
    await redis.kill();
    await until(() => !writer.connected && !reader.connected);
    await expect(writer.write(diffAt(2))).rejects.toThrow();
    await expect(reader.head()).rejects.toThrow(ReadModelUnavailable);
    await expect(writer.rebuild(fullAt(2))).rejects.toThrow(RedisUnreachable);
    await redis.restart();
    await until(() => writer.connected && reader.connected);
    expect(await writer.write(diffAt(2))).toBe('rebuildNeeded');
    await writer.rebuild(fullAt(2));
    expect((await reader.head()).sequence).toBe(2);
  });

  test('another writer took over: the older one is told and changes nothing', async () => {
    await writer.rebuild(fullAt(1));
    const second = await openReadModelWriter(redis.url);
    await second.rebuild(fullAt(1));
    expect(await writer.write(diffAt(2))).toBe('rebuildNeeded');
    expect(await second.write(diffAt(2))).toBe('written');
    await second.close();
  });
});

describe('a rebuild', () => {
  test('removes what is not in it and carries history on without doubling', async () => {
    await writer.rebuild(fullAt(1));
    await writer.write(diffAt(2));
    await writer.write({ ...emptyStateDiff(headAt(3)), accounts: [accountOf(3, 2, `0x${'44'.repeat(20)}`)] });
    await writer.rebuild({ ...fullAt(4), history: { ...NO_HISTORY, trades: [2, 3, 4].map(tradeOf) } });
    expect((await reader.accountById(toAccountId(2))).account).toBeUndefined();
    // 2 was already there and 3 is not newer than the head that Redis held.
    expect((await reader.trades(BTC, 10)).trades.map((trade) => trade.tradeId)).toEqual([4, 2, 1]);
    expect((await reader.fills(at(OWNER), 10)).fills.map((fill) => fill.tradeId)).toEqual([2, 1]);
    expect((await reader.book(BTC, 10)).asks.map(([ticks]) => ticks)).toEqual([1_001_000, 2_000_004]);
  });

  test("carries an account's liquidations on, and adds the newer ones once", async () => {
    await writer.rebuild(fullAt(1));
    await writer.write({ ...emptyStateDiff(headAt(2)), liquidations: [liquidationEndedOf(2, 1)] });
    const liquidations = [liquidationEndedOf(2, 1), deleveragedOf(3, 7, 1)];
    await writer.rebuild({ ...fullAt(3), history: { ...NO_HISTORY, liquidations } });
    expect((await reader.accountLiquidations(at(OWNER), 10)).liquidations).toEqual(liquidations.toReversed());
  });

  test('of another exchange (Redis was further on) forgets the old history', async () => {
    await writer.rebuild({
      ...fullAt(100),
      history: { ...NO_HISTORY, trades: [tradeOf(100)], liquidations: [liquidationEndedOf(100, 1)] },
    });
    await writer.rebuild(fullAt(5));
    expect((await reader.trades(BTC, 10)).trades.map((trade) => trade.tradeId)).toEqual([5]);
    expect((await reader.accountLiquidations(at(OWNER), 10)).liquidations).toEqual([]);
    expect((await reader.candles(BTC, '1m', 10)).candles).toHaveLength(1);
  });

  test('goes in chunks: 3,500 accounts with an order each', async () => {
    const ids = Array.from({ length: 3_500 }, (_, at) => at + 1);
    const addressOf = (id: number) => `0x${id.toString(16).padStart(40, '0')}` as const;
    await writer.rebuild({
      ...fullAt(1),
      accounts: ids.map((id) => accountOf(1, id, addressOf(id))),
      orders: ids.map((id) => orderOf(1, id, id)),
    });
    for (const id of [1, 1_000, 1_001, 3_500]) {
      const view = await reader.account(at(addressOf(id)));
      expect(view.account?.accountId).toBe(id);
      expect(view.orders).toHaveLength(1);
    }
    await writer.rebuild(fullAt(2));
    expect(await redis.client.keys('keel:orders:*')).toEqual(['keel:orders:1']);
  });
});
