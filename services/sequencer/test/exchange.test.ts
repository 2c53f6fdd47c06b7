import { assertInvariants } from '@keel/engine';
import {
  type AccountDoc,
  type BookOrderDoc,
  CANDLE_INTERVALS,
  type LevelDoc,
  type MarketDoc,
  type OrderDoc,
  type OrderUpdateDoc,
  type StateDiff,
} from '@keel/redis';
import {
  Exchange,
  emptyParts,
  Newest,
  readHistory,
  readSnapshotPayload,
  writeHistory,
  writeSnapshotPayload,
} from '@keel/replica';
import { type Command, type SequencedCommand, toMarketId, toOrderId, toSequence } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';
import { GENESIS_MARKETS } from '../src/genesisMarkets.ts';
import { fullReadModelOf, stateDiffOf } from '../src/readModelDocs.ts';
import { btcIndex, FEEDERS } from './feeders.ts';
import { deposit, limitOrder, ownerOf, randomCommand, randomOf } from './traders.ts';

const HASH = `0x${'00'.repeat(32)}` as const;
const START_MS = 1_700_000_000_000;
const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);

/** Applies commands one after the other, a second apart unless told otherwise. */
class Driver {
  readonly exchange: Exchange;
  timeMs = START_MS;

  constructor(exchange = new Exchange(emptyParts())) {
    this.exchange = exchange;
  }

  apply(command: Command, passMs = 10) {
    this.timeMs += passMs;
    // Nonces lie near wall time; sequenced time here is fixed, so they are moved beside it.
    const timed = 'auth' in command ? { ...command, auth: { ...command.auth, nonce: this.timeMs } } : command;
    const sequenced: SequencedCommand = {
      sequence: toSequence(this.exchange.state.sequence + 1),
      timeMs: this.timeMs,
      command: timed,
    };
    return this.exchange.apply(sequenced, HASH);
  }
}

function openedExchange(): Driver {
  const driver = new Driver();
  for (const listed of GENESIS_MARKETS) {
    // Commands are 10 ms apart here: a halt with stages would last for thousands of them.
    const spec = { ...listed, resumeGraceMs: 0 };
    const { events } = driver.apply({ kind: 'listMarket', spec });
    expect(events).toEqual([{ kind: 'marketListed', spec }]);
  }
  for (const trader of [1, 2]) driver.apply(deposit(trader - 1, ownerOf(trader), 1_000_000_000_000));
  driver.apply({ kind: 'setPriceFeeders', feeders: FEEDERS });
  driver.apply(btcIndex(600_000, driver.timeMs + 10));
  return driver;
}

describe('Exchange', () => {
  test('a trade is in the diff of both accounts, the book, the lists and the candle', () => {
    const driver = openedExchange();
    driver.exchange.takeChanges();
    driver.apply(limitOrder(ownerOf(1), 'sell', 600_010, 500));
    driver.apply(limitOrder(ownerOf(2), 'buy', 600_010, 200));
    const diff = stateDiffOf(driver.exchange, driver.exchange.takeChanges());
    expect(diff.head).toMatchObject({ sequence: 9, batchIndex: -1 });
    expect(diff.trades).toMatchObject([
      { tradeId: 1, priceTicks: 600_010, sizeLots: 200, takerSide: 'buy', sequence: 9 },
    ]);
    expect(diff.fills).toMatchObject([
      { accountId: 2, role: 'taker', side: 'buy', sizeLots: 200 },
      { accountId: 1, role: 'maker', side: 'sell', sizeLots: 200 },
    ]);
    expect(diff.levels).toEqual([{ marketId: 1, side: 'sell', priceTicks: 600_010, sizeLots: 300 }]);
    expect(diff.orders).toMatchObject([{ orderId: 1, remainingLots: 300, placedMs: driver.timeMs - 10 }]);
    expect(diff.closedOrders).toEqual([{ orderId: 2, accountId: 2 }]);
    expect(diff.accounts.map((account) => account.positions[0]?.sizeLots)).toEqual([-200, 200]);
    const traded = { openTicks: 600_010, closeTicks: 600_010, volumeLots: 200, trades: 1 };
    expect(diff.candles).toMatchObject(CANDLE_INTERVALS.map((interval) => ({ interval, ...traded })));
    expect(diff.markets).toMatchObject([{ lastTicks: 600_010, tradeCount: 1, volumeAtoms: String(600_010 * 200) }]);
    expect(diff.exchange).toMatchObject({ tradesTotal: 1, ordersTotal: 2, openOrders: 1, accounts: 2 });
  });

  test('one order waits, is amended, fires, rests and goes: each time its document says so', () => {
    const driver = openedExchange();
    const { exchange } = driver;
    const diff = () => stateDiffOf(exchange, exchange.takeChanges());
    diff();
    const trigger = { kind: 'stop', triggerTicks: 600_005, trailTicks: 0 } as const;
    driver.apply({ ...limitOrder(ownerOf(1), 'buy', 600_020, 500), trigger });
    const order = { orderId: 1, accountId: 1, placedMs: driver.timeMs };
    const waiting = diff();
    expect(waiting.orders).toMatchObject([{ ...order, state: 'waiting', trigger, shownLots: 0, queuePlace: 0 }]);
    expect(waiting.levels).toEqual([]);
    expect(waiting.exchange).toMatchObject({ openOrders: 1, ordersTotal: 1 });

    const { auth } = limitOrder(ownerOf(1), 'buy', 1, 1);
    const named = { orderId: toOrderId(1), clientOrderId: '' };
    const terms = { marketId: toMarketId(1), priceTicks: 600_030, sizeLots: 400 };
    driver.apply({ kind: 'amendOrder', auth, ...named, ...terms });
    expect(diff().orders).toMatchObject([{ ...order, state: 'waiting', priceTicks: 600_030, remainingLots: 400 }]);

    driver.apply(btcIndex(600_200, driver.timeMs + 10));
    const fired = diff();
    expect(fired.orders).toMatchObject([{ ...order, state: 'resting', remainingLots: 400, shownLots: 400 }]);
    expect(fired.levels).toEqual([{ marketId: 1, side: 'buy', priceTicks: 600_030, sizeLots: 400 }]);

    driver.apply({ kind: 'cancelAllAfter', auth, timeoutMs: 1_000 });
    expect(diff().accounts).toMatchObject([{ accountId: 1, cancelAllAfterMs: driver.timeMs + 1_000 }]);
    driver.apply({ kind: 'advanceTime' }, 1_000);
    const gone = diff();
    expect(gone.closedOrders).toEqual([{ orderId: 1, accountId: 1 }]);
    expect(gone.levels).toEqual([{ marketId: 1, side: 'buy', priceTicks: 600_030, sizeLots: 0 }]);
    expect(gone.accounts).toMatchObject([{ accountId: 1, cancelAllAfterMs: 0 }]);
    expect(fullReadModelOf(exchange)).toMatchObject({ orders: [], levels: [] });
    expect(exchange.history.orders.size).toBe(0);
  });

  test('a halt and a protection that fired are in the documents', () => {
    const driver = openedExchange();
    const { exchange } = driver;
    driver.apply({ kind: 'setTradingStatus', marketId: toMarketId(2), status: 'halted' });
    expect(stateDiffOf(exchange, exchange.takeChanges()).markets.map(({ tradingStatus }) => tradingStatus)).toContain(
      'halted',
    );
    const { auth } = limitOrder(ownerOf(1), 'buy', 1, 1);
    const bounds = { windowMs: 1_000, quantityLots: 100, deltaLots: 0, fillCount: 0 };
    driver.apply({ kind: 'setMarketMakerProtection', auth, marketId: toMarketId(1), ...bounds });
    driver.apply(limitOrder(ownerOf(1), 'sell', 600_010, 500));
    driver.apply(limitOrder(ownerOf(2), 'buy', 600_010, 200));
    const { accounts, closedOrders } = stateDiffOf(exchange, exchange.takeChanges());
    expect(accounts.find(({ accountId }) => accountId === 1)?.protections).toEqual([
      { marketId: 1, ...bounds, frozen: true },
    ]);
    expect(closedOrders).toContainEqual({ orderId: 1, accountId: 1 });
  });

  test('a batch has the hashes of its commands, its withdrawals and the root of that moment', () => {
    const driver = openedExchange();
    const { exchange } = driver;
    driver.apply({ ...withdrawal(1) });
    const { sealed } = driver.apply({ kind: 'sealBatch' });
    expect(sealed).toMatchObject({
      batchIndex: 0,
      firstSequence: 1,
      lastSequence: 9,
      withdrawals: [{ withdrawalIndex: 0, recipient: ownerOf(1), amountAtoms: 5_000_000 }],
      nextDepositIndex: 2,
    });
    expect(sealed?.commandHashes).toHaveLength(9);
    expect(sealed?.stateRoot).toBe(exchange.stateRoot());
    expect(exchange.status()).toMatchObject({ lastBatchIndex: 0, stateRoot: sealed?.stateRoot, accounts: 2 });
    driver.apply({ kind: 'advanceTime' });
    expect(exchange.stateRoot()).not.toBe(sealed?.stateRoot);
    expect(driver.apply({ kind: 'sealBatch' }).sealed).toMatchObject({
      batchIndex: 1,
      firstSequence: 10,
      withdrawals: [],
    });
  });

  test('from a snapshot it goes on with the same roots, documents and batches as one that never stopped', () => {
    const random = randomOf(7);
    const driver = openedExchange();
    const openOrders: number[] = [];
    const step = (one: Driver, command: Command): void => {
      for (const event of one.apply(command).events)
        if (event.kind === 'orderRested' || event.kind === 'orderWaiting') openOrders.push(event.orderId);
    };
    for (let count = 0; count < 400; count += 1)
      step(driver, randomCommand(random, ownerOf(1 + (count % 2)), openOrders.slice(-20)));
    const payload = writeSnapshotPayload(driver.exchange.parts);
    const resumed = new Driver(new Exchange(readSnapshotPayload(payload)));
    resumed.timeMs = driver.timeMs;
    expect(resumed.exchange.stateRoot()).toBe(driver.exchange.stateRoot());
    expect(writeSnapshotPayload(resumed.exchange.parts)).toEqual(payload);
    for (let count = 0; count < 200; count += 1) {
      const command = randomCommand(random, ownerOf(1 + (count % 2)), openOrders.slice(-20));
      step(driver, command);
      step(resumed, command);
    }
    expect(driver.exchange.history.markets.get(toMarketId(1))?.tradeCount).toBeGreaterThan(50);
    expect(fullReadModelOf(resumed.exchange)).toEqual(fullReadModelOf(driver.exchange));
    expect(resumed.apply({ kind: 'sealBatch' }).sealed).toEqual(driver.apply({ kind: 'sealBatch' }).sealed);
    assertInvariants(resumed.exchange.state);
  });

  test('diffs, one after the other, tell all that the state holds, whatever happens to orders', () => {
    const random = randomOf(SEED);
    const driver = openedExchange();
    const { exchange } = driver;
    const told = new Follower();
    const openOrders: number[] = [];
    let seen = 0;
    for (let count = 1; count <= 6_000; count += 1) {
      const dice = random();
      const ticks = 600_000 + Math.floor(random() * 120) - 60;
      const command: Command =
        dice < 0.1
          ? btcIndex(ticks, driver.timeMs + 10)
          : dice < 0.12
            ? { kind: 'setTradingStatus', marketId: toMarketId(1), status: dice < 0.105 ? 'halted' : 'open' }
            : randomCommand(random, ownerOf(1 + (count % 2)), openOrders.slice(-30));
      for (const event of driver.apply(command).events)
        if (event.kind === 'orderAccepted') openOrders.push(event.orderId);
      if (count % 7 !== 0) continue;
      told.take(stateDiffOf(exchange, exchange.takeChanges()));
      if (count % 210 !== 0) continue;
      const full = fullReadModelOf(exchange);
      expect(
        [...told.orders.values()].toSorted((a, b) => a.orderId - b.orderId),
        `seed ${SEED}`,
      ).toEqual(full.orders);
      expect([...told.accounts.values()]).toEqual(full.accounts);
      expect(new Set(told.levels.values())).toEqual(new Set(full.levels));
      // When funding is due next follows from the time of the head, and is told with the market's next change.
      const timeless = (market: MarketDoc) => ({ ...market, nextFundingMs: 0 });
      expect([...told.markets.values()].map(timeless)).toEqual(full.markets.map(timeless));
      expect(exchange.history.orders.size).toBe(full.exchange.openOrders);
      expect(told.book(), `seed ${SEED}`).toEqual(full.bookOrders);
      expect(told.levelsOfBook(), `seed ${SEED}`).toEqual(new Set(full.levels));
      expect(told.filledLots(), `seed ${SEED}`).toEqual(told.tradedLots());
      seen += full.orders.length;
    }
    expect(seen).toBeGreaterThan(100);
    expect([...told.states].toSorted()).toEqual(['resting', 'twap', 'waiting']);
    // Each order that was accepted ends once or is open.
    expect([...told.ended.keys(), ...told.orders.keys()].toSorted((a, b) => a - b)).toEqual(
      openOrders.toSorted((a, b) => a - b),
    );
    expect(told.endedTwice).toBe(0);
    expect([...told.updateStates].toSorted()).toEqual(['closed', 'filled', 'open', 'triggered']);
  });
});

/** Applies each diff to what it has, as Redis does. */
class Follower {
  readonly orders = new Map<number, OrderDoc>();
  readonly accounts = new Map<number, AccountDoc>();
  readonly levels = new Map<string, LevelDoc>();
  readonly markets = new Map<number, MarketDoc>();
  /** States in which an order was ever told. */
  readonly states = new Set<string>();
  readonly bookOrders = new Map<number, BookOrderDoc>();
  readonly updates = new Map<number, OrderUpdateDoc>();
  readonly updateStates = new Set<string>();
  readonly ended = new Map<number, OrderUpdateDoc>();
  readonly traded = new Map<number, number>();
  endedTwice = 0;

  take(diff: StateDiff): void {
    for (const order of diff.orders) {
      this.orders.set(order.orderId, order);
      this.states.add(order.state);
    }
    for (const { orderId } of diff.closedOrders) this.orders.delete(orderId);
    for (const order of diff.bookOrders) {
      if (order.sizeLots === 0) this.bookOrders.delete(order.orderId);
      else this.bookOrders.set(order.orderId, order);
    }
    for (const update of diff.orderUpdates) {
      this.updates.set(update.order.orderId, update);
      this.updateStates.add(update.state);
      if (update.closeReason === undefined) continue;
      if (this.ended.has(update.order.orderId)) this.endedTwice += 1;
      this.ended.set(update.order.orderId, update);
    }
    for (const fill of diff.fills) this.traded.set(fill.orderId, (this.traded.get(fill.orderId) ?? 0) + fill.sizeLots);
    for (const account of diff.accounts) this.accounts.set(account.accountId, account);
    for (const market of diff.markets) this.markets.set(market.spec.marketId, market);
    for (const level of diff.levels) {
      const key = `${level.marketId} ${level.side} ${level.priceTicks}`;
      if (level.sizeLots === 0) this.levels.delete(key);
      else this.levels.set(key, level);
    }
  }

  book(): BookOrderDoc[] {
    return [...this.bookOrders.values()].toSorted((a, b) => a.queuePlace - b.queuePlace);
  }

  /** The levels that the orders of the book add up to. */
  levelsOfBook(): Set<LevelDoc> {
    const levels = new Map<string, LevelDoc>();
    for (const { marketId, side, priceTicks, sizeLots } of this.bookOrders.values()) {
      const key = `${marketId} ${side} ${priceTicks}`;
      const others = levels.get(key)?.sizeLots ?? 0;
      levels.set(key, { marketId, side, priceTicks, sizeLots: others + sizeLots });
    }
    return new Set(levels.values());
  }

  /** What every order says that it has traded, */
  filledLots(): Map<number, number> {
    const told = [...this.updates].toSorted(([one], [other]) => one - other);
    return new Map(
      told.flatMap(([orderId, { order }]) => (order.filledLots === 0 ? [] : [[orderId, order.filledLots]])),
    );
  }

  /** and what its fills say. */
  tradedLots(): Map<number, number> {
    return new Map([...this.traded].toSorted(([one], [other]) => one - other));
  }
}

function withdrawal(trader: number): Command {
  const { auth } = limitOrder(ownerOf(trader), 'buy', 1, 1);
  return { kind: 'withdraw', auth, recipient: ownerOf(trader), assetId: 0, amountAtoms: 5_000_000 };
}

describe('history', () => {
  test('its JSON gives the same history', () => {
    const driver = openedExchange();
    driver.apply(limitOrder(ownerOf(1), 'sell', 600_010, 500));
    driver.apply(limitOrder(ownerOf(2), 'buy', 600_010, 200));
    const text = writeHistory(driver.exchange.history);
    expect(writeHistory(readHistory(text, driver.exchange.state))).toBe(text);
  });

  test('Newest keeps the newest', () => {
    const newest = new Newest<number>(3, [0, 1, 2, 3]);
    expect(newest.list()).toEqual([1, 2, 3]);
    for (let item = 4; item <= 20; item += 1) newest.push(item);
    newest.replaceLast(99);
    expect(newest.list()).toEqual([18, 19, 99]);
  });
});

describe('createClock', () => {
  test('stands still when the wall clock steps back', () => {
    const wall = [100, 105, 90, 104, 106];
    const clock = createClock(102, () => wall.shift() ?? 0);
    expect([clock(), clock(), clock(), clock(), clock()]).toEqual([102, 105, 105, 105, 106]);
  });
});
