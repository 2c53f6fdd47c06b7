import {
  type AccountDoc,
  CANDLE_INTERVAL_MS,
  CANDLE_INTERVALS,
  type CandleDoc,
  type FillDoc,
  type FullReadModel,
} from '@keel/redis';
import {
  AgentApprovals,
  Exchange,
  emptyParts,
  readHistory,
  readSnapshotPayload,
  writeHistory,
  writeSnapshotPayload,
} from '@keel/replica';
import {
  type Address,
  type Command,
  fundingOwedAtoms,
  notionalAtoms,
  toAccountId,
  toMarketId,
  toSequence,
} from '@keel/types';
import { describe, expect, test } from 'vitest';
import { GENESIS_MARKETS } from '../src/genesisMarkets.ts';
import { fullReadModelOf, stateDiffOf } from '../src/readModelDocs.ts';
import { btcIndex, FEEDERS } from './feeders.ts';
import { authOf, deposit, limitOrder, ownerOf, randomOf } from './traders.ts';

const HASH = `0x${'00'.repeat(32)}` as const;
const START_MS = 1_700_000_000_000;
const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);
const BTC = toMarketId(1);
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const TRADERS = 5;

/** Ends at a real sequence and time; each command is told in a diff of its own. */
class Flow {
  exchange = new Exchange(emptyParts());
  timeMs = START_MS;

  constructor() {
    for (const listed of GENESIS_MARKETS) this.apply({ kind: 'listMarket', spec: { ...listed, resumeGraceMs: 0 } });
    this.apply({ kind: 'setPriceFeeders', feeders: FEEDERS });
    this.exchange.takeChanges();
  }

  apply(command: Command, passMs = 10) {
    this.timeMs += passMs;
    const timed = 'auth' in command ? { ...command, auth: { ...command.auth, nonce: this.timeMs } } : command;
    const sequence = toSequence(this.exchange.state.sequence + 1);
    const { events } = this.exchange.apply({ sequence, timeMs: this.timeMs, command: timed }, HASH);
    return { events, diff: stateDiffOf(this.exchange, this.exchange.takeChanges()) };
  }

  /** As a node that starts with a snapshot. */
  restart(): void {
    this.exchange = new Exchange(readSnapshotPayload(writeSnapshotPayload(this.exchange.parts)));
  }

  get full(): FullReadModel {
    return fullReadModelOf(this.exchange);
  }

  position(accountId: number) {
    const { positions } = this.full.accounts.find((account) => account.accountId === accountId) as AccountDoc;
    return positions.find(({ marketId }) => marketId === BTC);
  }
}

describe('what is made of events', () => {
  test('funding payments have the size they were owed on, fills the position before them; volumes and candles add up', () => {
    const random = randomOf(SEED);
    const flow = new Flow();
    for (let trader = 1; trader <= TRADERS; trader += 1)
      flow.apply(deposit(trader - 1, ownerOf(trader), trader < 3 ? 1_000_000_000_000 : 1_000_000_000));
    let deposits = TRADERS;
    const fills: FillDoc[] = [];
    const kinds = new Map<string, number>();
    let payments = 0;
    let outsidePaid = 0;
    let ticks = 600_000;
    flow.apply(btcIndex(ticks, flow.timeMs + 10));
    for (let count = 1; count <= 1_500; count += 1) {
      // Those who lost everything come back.
      if (count % 40 === 0) {
        flow.apply(deposit(deposits, ownerOf(3 + (deposits % 3)), 1_000_000_000));
        deposits += 1;
      }
      const before = flow.full.accounts;
      const positionBefore = (accountId: number) =>
        before.find((account) => account.accountId === accountId)?.positions.find(({ marketId }) => marketId === BTC);
      const dice = random();
      const owner = ownerOf(1 + Math.floor(random() * TRADERS));
      const side = random() < 0.5 ? 'buy' : 'sell';
      ticks += dice < 0.03 ? Math.round((random() - 0.5) * 40_000) : 0;
      const order = limitOrder(
        owner,
        side,
        ticks + Math.floor(random() * 20) - 10,
        100 + Math.floor(random() * 20_000),
      );
      // Prices are stale after some seconds: time jumps with a price, to just before an hour.
      const passMs = dice < 0.1 ? Math.max(10, HOUR_MS - (flow.timeMs % HOUR_MS) - 25) : 10;
      const { events, diff } =
        dice < 0.3 ? flow.apply(btcIndex(ticks, flow.timeMs + passMs), passMs) : flow.apply(order);
      for (const { kind } of events) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);

      const paid = events.filter((event) => event.kind === 'fundingPaid');
      expect(diff.fundingPayments.map(({ accountId, amountAtoms }) => [accountId, amountAtoms])).toEqual(
        paid.map(({ accountId, amountAtoms }) => [accountId, amountAtoms]),
      );
      for (const payment of diff.fundingPayments) {
        const position = positionBefore(payment.accountId);
        expect(payment.sizeLots, `seed ${SEED}`).toBe(position?.sizeLots);
        expect(payment.amountAtoms, `seed ${SEED}`).toBe(
          fundingOwedAtoms(payment.sizeLots, position?.fundingIndex ?? 0, payment.fundingIndex),
        );
        payments += 1;
      }
      if (diff.fundingPayments.length > 0 && events.some(({ kind }) => kind === 'positionCloseOut')) outsidePaid += 1;
      // Trades outside of the book come between fills: then only what a command does alone is followed step by step.
      const outside = events.some(({ kind }) => kind === 'positionDeleveraged' || kind === 'positionCloseOut');
      const walked = new Map<number, number>();
      for (const fill of diff.fills) {
        const { accountId, startLots } = fill;
        if (!outside) expect(startLots).toBe(walked.get(accountId) ?? positionBefore(accountId)?.sizeLots ?? 0);
        walked.set(accountId, startLots + (fill.side === 'buy' ? fill.sizeLots : -fill.sizeLots));
      }
      if (!outside) for (const [accountId, lots] of walked) expect(flow.position(accountId)?.sizeLots ?? 0).toBe(lots);
      fills.push(...diff.fills);
      if (count % 500 === 0) flow.restart();
    }
    expect(payments).toBeGreaterThan(50);
    // Whether a payment falls together with a close-out outside of the book is a matter of the seed.
    if (SEED === 1) expect(outsidePaid).toBeGreaterThan(0);
    if (SEED === 1) expect([...kinds.keys()]).toEqual(expect.arrayContaining(['positionDeleveraged']));

    const { accounts, candles, history, markets } = flow.full;
    const { spec } = markets[0]!;
    for (const { accountId, volumeAtoms } of accounts) {
      const own = fills.filter((fill) => fill.accountId === accountId);
      const worth = own.reduce((sum, fill) => sum + notionalAtoms(spec, fill.priceTicks, fill.sizeLots), 0);
      expect(volumeAtoms).toBe(String(worth));
    }
    expect(history.fundingPayments).toHaveLength(payments);
    expect(history.fundingRates.filter(({ marketId }) => marketId === BTC)).toHaveLength(
      Math.floor(flow.timeMs / HOUR_MS) - Math.floor(START_MS / HOUR_MS),
    );
    for (const interval of CANDLE_INTERVALS) {
      const made = candlesOf(fills.filter(({ role }) => role === 'taker').filter(isBtc), interval, spec);
      expect(made.length).toBeGreaterThan(0);
      expect(candles.filter((candle) => candle.interval === interval)).toEqual(made);
    }
  });

  test('a ledger has deposits, withdrawals and transfers, these on both sides', () => {
    const flow = new Flow();
    const { diff } = flow.apply(deposit(0, ownerOf(1), 1_000_000_000));
    const deposited = {
      kind: 'depositCredited',
      depositIndex: 0,
      accountId: 1,
      assetId: 0,
      amountAtoms: 1_000_000_000,
    };
    expect(diff.ledger).toEqual([
      { accountId: 1, event: deposited, timeMs: flow.timeMs, sequence: diff.head.sequence },
    ]);
    const auth = authOf(ownerOf(1));
    const money = { assetId: 0, amountAtoms: 5_000_000 } as const;
    const moved = flow.apply({ kind: 'transfer', auth, toSubaccount: 1, ...money } as Command);
    expect(moved.diff.ledger.map(({ accountId, event }) => [accountId, event.kind])).toEqual([
      [1, 'transferred'],
      [2, 'transferred'],
    ]);
    flow.apply({ kind: 'withdraw', auth, recipient: ownerOf(1), ...money });
    const kinds = flow.full.history.ledger.map(({ accountId, event }) => `${event.kind} ${accountId}`);
    expect(kinds).toEqual(['depositCredited 1', 'transferred 1', 'transferred 2', 'withdrawalRequested 1']);
    flow.restart();
    expect(flow.full.history.ledger).toHaveLength(4);
  });

  test('who approved an agent first is known after a restart, too', () => {
    const flow = new Flow();
    const agent = ownerOf(77);
    for (const trader of [1, 2, 3]) flow.apply(deposit(trader - 1, ownerOf(trader), 1_000_000_000));
    const approve = (trader: number, agentExpiresAtMs = 0) =>
      flow.apply({ kind: 'approveAgent', auth: authOf(ownerOf(trader)), agent, agentName: 'bot', agentExpiresAtMs });
    const ids = ({ approvals }: { approvals: FullReadModel['approvals'] }) =>
      approvals.map((doc) => doc.approvals.map(({ accountId }) => accountId));
    approve(3, flow.timeMs + 60_000);
    approve(2);
    expect(ids(approve(1).diff)).toEqual([[3, 2, 1]]);
    expect(ids(approve(2).diff), 'approved anew: in its place').toEqual([[3, 2, 1]]);
    flow.restart();
    expect(ids(flow.full)).toEqual([[3, 2, 1]]);
    const { diff } = flow.apply({ kind: 'revokeAgent', auth: authOf(ownerOf(2)), agent });
    expect(ids(diff)).toEqual([[3, 1]]);
    expect(ids(approve(2).diff)).toEqual([[3, 1, 2]]);
    flow.apply({ kind: 'advanceTime' }, 70_000);
    expect(ids(approve(3).diff), 'its own had expired').toEqual([[1, 2, 3]]);
  });

  test('a snapshot of an older program: accounts stand for the order of approvals, minutes for longer candles', () => {
    const flow = new Flow();
    for (const trader of [1, 2]) flow.apply(deposit(trader - 1, ownerOf(trader), 1_000_000_000_000));
    flow.apply(btcIndex(600_000, flow.timeMs + 10));
    for (const trader of [2, 1])
      flow.apply({
        kind: 'approveAgent',
        auth: authOf(ownerOf(trader)),
        agent: ownerOf(77),
        agentName: 'bot',
        agentExpiresAtMs: 0,
      });
    for (let minute = 0; minute < 30; minute += 1) {
      flow.apply(btcIndex(600_000, flow.timeMs + MINUTE_MS), MINUTE_MS);
      flow.apply(limitOrder(ownerOf(1), 'sell', 600_010 + minute, 500));
      flow.apply(limitOrder(ownerOf(2), 'buy', 600_010 + minute, 200));
    }
    const { state, history } = flow.exchange;
    const json = JSON.parse(writeHistory(history)) as Record<string, unknown>;
    const markets = (json.markets as object[]).map((market) => ({ ...market, longCandles: undefined }));
    const younger = { volumes: undefined, approvals: undefined, ledger: undefined, closedOrders: undefined };
    const read = readHistory(JSON.stringify({ ...json, ...younger, markets }), state);
    expect(history.approvals.of(ownerOf(77)).map(({ accountId }) => accountId)).toEqual([2, 1]);
    expect(read.approvals.of(ownerOf(77)).map(({ accountId }) => accountId)).toEqual([1, 2]);
    expect(read.markets.get(BTC)?.candles.list()).toEqual(history.markets.get(BTC)?.candles.list());
    expect(read.markets.get(BTC)?.tradeCount).toBeGreaterThan(29);
    expect(read.orders.size).toBeGreaterThan(0);
    const facts = ({ orders }: typeof history) => [...orders].map(([id, { terms: _, ...rest }]) => ({ id, ...rest }));
    expect(facts(read)).toEqual(facts(history));
  });
});

function isBtc({ marketId }: FillDoc): boolean {
  return marketId === BTC;
}

/** Candles as one would make them with all trades at hand. */
function candlesOf(trades: readonly FillDoc[], interval: CandleDoc['interval'], spec: (typeof GENESIS_MARKETS)[0]) {
  const groups = new Map<number, FillDoc[]>();
  for (const trade of trades) {
    const at = Math.floor(trade.timeMs / CANDLE_INTERVAL_MS[interval]);
    groups.set(at, [...(groups.get(at) ?? []), trade]);
  }
  return [...groups].map(([at, group]): CandleDoc => {
    const prices = group.map(({ priceTicks }) => priceTicks);
    return {
      marketId: BTC,
      interval,
      openTimeMs: at * CANDLE_INTERVAL_MS[interval],
      openTicks: prices[0] as number,
      highTicks: Math.max(...prices),
      lowTicks: Math.min(...prices),
      closeTicks: prices.at(-1) as number,
      volumeLots: group.reduce((sum, { sizeLots }) => sum + sizeLots, 0),
      volumeAtoms: String(
        group.reduce((sum, { priceTicks, sizeLots }) => sum + notionalAtoms(spec, priceTicks, sizeLots), 0),
      ),
      trades: group.length,
    };
  });
}

test('approvals of an account that expired go with its next one, as they do in the engine', () => {
  const approvals = new AgentApprovals();
  const agent = (number: number): Address => ownerOf(100 + number);
  const ann = toAccountId(1);
  for (let number = 0; number < 1_000; number += 1)
    approvals.approve(ann, agent(number), 1_000 + number, 1_000 + number);
  expect(approvals.list()).toEqual([{ agent: agent(999), approvals: [{ accountId: ann, expiresAtMs: 1_999 }] }]);
  expect(approvals.approve(ann, agent(1), 0, 3_000).toSorted()).toEqual([agent(1), agent(999)].toSorted());
  approvals.revoke(ann, agent(1));
  expect(approvals.list()).toEqual([]);
});
