import { type Event, type Side, toMarketId } from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSnapshot, writeSnapshot } from '../src/index.ts';
import type { AccountState, Holding } from '../src/state.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

/** A move of a price, an order, a quote on both sides, or a cancel. */
interface Turn {
  readonly action: number;
  readonly market: number;
  readonly who: number;
  readonly amount: number;
  readonly move: number;
}

const TRADERS = 80;
const MARKETS = 3;
const OPENING_TICKS = [0, 50_000, 3_000, 200];

const turn: fc.Arbitrary<Turn> = fc.record({
  action: fc.integer({ min: 0, max: 99 }),
  market: fc.integer({ min: 1, max: MARKETS }),
  who: fc.integer({ min: 0, max: TRADERS - 1 }),
  amount: fc.integer({ min: 1, max: 100 }),
  move: fc.integer({ min: -100, max: 100 }),
});

interface Seen {
  preLiquidations: number;
  closed: number;
  small: number;
  looked: number;
  quoting: number;
}

/** Traders with positions and orders, and the judge that looks at all of them after every command. */
class Quoting {
  readonly exchange: Exchange;
  readonly ticks = [...OPENING_TICKS];
  readonly looked = new Set<number>();
  readonly seen: Seen;

  constructor(seen: Seen) {
    this.seen = seen;
    const exchange = new Exchange();
    this.exchange = exchange;
    const still = { fundingInterestPpb: 0, fundingCapPpb: 0, minOrderNotionalAtoms: 1 };
    const tier = { floorNotionalAtoms: 20_000e6, initialMarginPpm: 150_000, maintenanceMarginPpm: 60_000 };
    exchange.list(testMarket(1, 'BTC-USD', still));
    exchange.list(
      testMarket(2, 'ETH-USD', {
        ...still,
        initialMarginPpm: 50_000,
        maintenanceMarginPpm: 25_000,
        marginTiers: [tier],
      }),
    );
    exchange.list(testMarket(3, 'SOL-USD', { ...still, maxOrderLots: 1_000_000, maxPositionLots: 1_000_000 }));
    for (let market = 1; market <= MARKETS; market += 1) this.move(market, OPENING_TICKS[market]!);
    for (let who = 0; who < TRADERS; who += 1) {
      exchange.deposit(`t${who}`, 1_000 + 50 * who);
      const auth = exchange.auth(`t${who}`);
      // Some ask for more margin than the market does.
      if (who % 5 === 0) exchange.run({ kind: 'setLeverage', auth, marketId: toMarketId(1), leverage: 3 });
    }
    const { suspects } = exchange.state;
    const add = suspects.add.bind(suspects);
    suspects.add = (accountId) => {
      this.looked.add(accountId);
      return add(accountId);
    };
  }

  /** Nobody has less than initial margin and an order in a book that takes some of it. */
  judge(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind !== 'preLiquidation') continue;
      this.seen.preLiquidations += 1;
      this.seen.closed += event.closedOrders;
      expect(event.equityAtoms).toBeLessThan(event.initialMarginAtoms);
    }
    for (const account of this.exchange.state.accounts) {
      const short = equityIn(account) < initialIn(account, true);
      if (!short || account.liquidationId !== 0) continue;
      const freed = initialIn(account, true) - initialIn(account, false);
      expect(freed, `account ${account.accountId} is short, and its orders need margin`).toBe(0n);
    }
  }

  move(market: number, ticks: number): void {
    this.ticks[market] = Math.max(10, ticks);
    this.judge(this.exchange.index(market, this.ticks[market]!));
  }

  order(who: number, market: number, side: Side, priceTicks: number, usd: number): void {
    const { exchange } = this;
    const lots = Math.max(1, Math.floor((usd * 1e6) / (priceTicks * 1_000)));
    const terms = { ...PLAIN, side, priceTicks, sizeLots: lots, marketId: toMarketId(market) };
    this.judge(exchange.run({ kind: 'placeOrder', auth: exchange.auth(`t${who}`), ...terms }));
  }

  take({ action, market, who, amount, move }: Turn): void {
    const { exchange, ticks, seen } = this;
    const reference = ticks[market]!;
    const away = Math.trunc((reference * move) / 2_000);
    // Up to some five times what the trader has.
    const usd = ((1_000 + 50 * who) * amount) / 20;
    if (action < 40) {
      this.looked.clear();
      this.move(market, reference + Math.trunc((reference * move) / 100_000));
      seen.small += 1;
      seen.looked += this.looked.size;
      seen.quoting += exchange.state.accounts.filter((each) => each.openOrders > 0).length;
    } else if (action < 50) this.move(market, reference + away);
    else if (action < 52) this.move(market, reference + 3 * away);
    else if (action < 70) this.order(who, market, move > 0 ? 'buy' : 'sell', reference + away, usd);
    else if (action < 88) {
      const offset = 1 + Math.trunc((reference * amount) / 5_000);
      this.order(who, market, 'buy', reference - offset, usd / 2);
      this.order(who, market, 'sell', reference + offset, usd / 2);
    } else if (action < 92) {
      const auth = exchange.auth(`t${who}`);
      this.judge(exchange.run({ kind: 'cancelAllOrders', auth, marketId: toMarketId(market) }));
    } else if (action < 96) this.judge(exchange.deposit(`t${who}`, amount * 10));
    else if (action < 98) {
      const auth = exchange.auth(`t${who}`);
      this.judge(
        exchange.run({ kind: 'setLeverage', auth, marketId: toMarketId(market), leverage: 1 + (amount % 10) }),
      );
    } else this.judge(exchange.wait(amount * 10));
  }
}

function equityIn({ collateralAtoms, holdings }: AccountState): bigint {
  let atoms = BigInt(collateralAtoms);
  for (const { sizeLots, entryNotionalAtoms, market } of holdings) {
    atoms += BigInt(sizeLots) * BigInt(market.markTicks) * 1_000n - BigInt(entryNotionalAtoms);
  }
  return atoms;
}

/** IM at mark from the orders one by one, or as if those that are not reduce-only were not there. */
function initialIn({ holdings }: AccountState, withOrders: boolean): bigint {
  let atoms = 0n;
  for (const holding of holdings) atoms += marketInitial(holding, withOrders);
  return atoms;
}

function marketInitial({ market, sizeLots, leverage, resting }: Holding, withOrders: boolean): bigint {
  const { spec, markTicks } = market;
  let buys = 0;
  let sells = 0;
  let loss = 0n;
  for (const { side, remainingLots, priceTicks, reduceOnly } of resting) {
    if (reduceOnly || !withOrders) continue;
    if (side === 'buy') buys += remainingLots;
    else sells += remainingLots;
    const worse = side === 'buy' ? priceTicks - markTicks : markTicks - priceTicks;
    if (worse > 0) loss += BigInt(worse) * BigInt(remainingLots) * 1_000n;
  }
  const lots = Math.max(Math.abs(sizeLots + buys), Math.abs(sizeLots - sells));
  const value = BigInt(lots) * BigInt(markTicks) * 1_000n;
  const [tier] = spec.marginTiers;
  const floor = BigInt(tier?.floorNotionalAtoms ?? 0);
  const above = tier === undefined || value < floor ? 0n : value - floor;
  const ofTiers = ceil(
    (value - above) * BigInt(spec.initialMarginPpm) + above * BigInt(tier?.initialMarginPpm ?? 0),
    1_000_000n,
  );
  const ofLeverage = leverage === 0 ? 0n : ceil(value, BigInt(leverage));
  return loss + (ofLeverage > ofTiers ? ofLeverage : ofTiers);
}

function ceil(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

test('nobody below initial margin keeps an order that needs some, and small moves look at few', () => {
  const seen: Seen = { preLiquidations: 0, closed: 0, small: 0, looked: 0, quoting: 0 };
  fc.assert(
    fc.property(fc.array(turn, { minLength: 400, maxLength: 500, size: 'max' }), (turns) => {
      const quoting = new Quoting(seen);
      for (let each = 0; each < 4 * TRADERS; each += 1) {
        const [market, who] = [1 + (each % MARKETS), (each * 37) % TRADERS];
        quoting.take({
          action: 60 + 20 * (each % 2),
          market,
          who,
          amount: 1 + ((each * 13) % 100),
          move: each % 3 === 0 ? 1 : -1,
        });
      }
      for (const step of turns) quoting.take(step);
      // What is looked out for is in the snapshot.
      const bytes = writeSnapshot(quoting.exchange.state);
      expect(writeSnapshot(readSnapshot(bytes))).toEqual(bytes);
    }),
    {
      numRuns: 6,
      seed: Number(process.env.KEEL_TEST_SEED ?? 21),
      endOnFailure: process.env.KEEL_TEST_SHRINK === undefined,
    },
  );
  console.info('seen:', JSON.stringify(seen));
  expect(seen.preLiquidations).toBeGreaterThan(50);
  expect(seen.quoting / seen.small, 'accounts with orders when a price moves').toBeGreaterThan(30);
  expect(seen.looked / seen.quoting, 'part of them that a small move looks at').toBeLessThan(0.1);
}, 120_000);
