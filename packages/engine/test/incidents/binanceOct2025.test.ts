import { type Event, type PriceReport, rejectName, toAssetId, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { equityOf, solvencyOf } from '../../src/margin/accountFigures.ts';
import { Exchange, indexUpdate } from '../exchange.ts';
import { PLAIN } from '../plainOrder.ts';
import { testCollateral } from '../testCollateral.ts';
import { testMarket } from '../testMarket.ts';

/*
 * Binance, 10 Oct 2025 (as the venue reported it): USDe traded at 0.65 and wBETH at 430 (-88 %) on the venue's own thin books,
 * collateral was valued there, and traders were liquidated; about 283M USD were paid back, and the tokens are priced by what they
 * can be redeemed for since. Here USDE is collateral that counts 90 %, worth 1.00 by redemption.
 *
 * Prices of collateral are those of four feeders, three of which must agree, within 5 % of their median; a feeder that prices
 * by redemption says 1.00 whatever the book does. 100 traders with 1,000 to 10,900 USDE, long at the edge of what they may.
 */

const FEEDERS = ['aa', 'bb', 'cc', 'dd'].map((byte) => `0x${byte.repeat(20)}` as const);
const USDC = 1_000_000;
const TRADERS = 100;
const CAP = 50_000 * USDC;

class Venue extends Exchange {
  readonly wrong: number[] = [];
  readonly liquidated: number[] = [];
  /** What a USDE can be redeemed for, in cents. */
  trueCents = 100;

  /** Everything that comes of a command, judged: whoever is liquidated must be below maintenance at the true price. */
  tell(events: readonly Event[]): readonly Event[] {
    for (const event of events) {
      if (event.kind !== 'liquidationStarted') continue;
      this.liquidated.push(event.accountId);
      const shortAtoms = event.maintenanceMarginAtoms - event.equityAtoms;
      const account = this.state.accounts[event.accountId - 1]!;
      const { spec, priceTicks } = this.state.collaterals[0]!;
      const amountAtoms = account.balances[0]?.amountAtoms ?? 0;
      const worth = (cents: number) => Math.floor((amountAtoms * cents * (1_000_000 - spec.haircutPpm)) / 1e10);
      if (shortAtoms + worth(priceTicks) - worth(this.trueCents) <= 0) this.wrong.push(event.accountId);
    }
    return events;
  }

  /** What the four say of USDE, in cents; 0 = nothing. */
  usde(...cents: readonly number[]): readonly Event[] {
    this.timeMs += 1_000;
    const reports: PriceReport[] = [];
    for (const [place, feeder] of FEEDERS.entries()) {
      const priceTicks = cents[place] ?? 0;
      if (priceTicks > 0) reports.push(...indexUpdate(1, priceTicks, this.timeMs, { feeder }).reports);
    }
    return this.tell(this.run({ kind: 'updateCollateralPrice', assetId: toAssetId(1), reports }));
  }

  btc(ticks: number): readonly Event[] {
    const reports = FEEDERS.flatMap((feeder) => indexUpdate(1, ticks, this.timeMs, { feeder }).reports);
    return this.tell(this.run({ kind: 'updateIndexPrice', marketId: toMarketId(1), reports }));
  }

  order(owner: string, side: 'buy' | 'sell', sizeLots: number): readonly Event[] {
    const terms = { ...PLAIN, marketId: toMarketId(1), side, priceTicks: 50_000, sizeLots } as const;
    return this.run({ kind: 'placeOrder', auth: this.auth(owner), ...terms });
  }
}

function venue(priceJumpPpm: number): Venue {
  const exchange = new Venue();
  exchange.run({ kind: 'setPriceFeeders', feeders: FEEDERS.map((feeder) => ({ feeder, weight: 1 })) });
  const fees = { makerFeePpm: 0, takerFeePpm: 0 };
  exchange.list(testMarket(1, 'BTC-USD', { ...fees, backstopLossCapAtoms: CAP, indexStaleMs: 60_000 }));
  const spec = {
    ...testCollateral('WETH', 90),
    symbol: 'USDE',
    priceJumpPpm,
    maxPriceTicks: 1_000,
    maxDepositedAtoms: 1e14,
  };
  expect(exchange.run({ kind: 'listCollateral', spec })[0]?.kind).toBe('collateralListed');
  exchange.usde(100, 100, 100, 100);
  exchange.btc(50_000);
  exchange.deposit('bob', 5_000_000);
  const terms = { marketId: toMarketId(1), fund: 'backstop', amountAtoms: 2 * CAP } as const;
  exchange.run({ kind: 'fundSafety', auth: exchange.auth('bob'), ...terms });
  exchange.order('bob', 'sell', 100_000);
  for (let i = 0; i < TRADERS; i += 1) {
    exchange.deposit(`t${i}`, 1_000 + 100 * i, 'WETH');
    // 90 % of the tokens at 9 times: 1 BTC needs 5,000, and lots are 0.001.
    exchange.order(`t${i}`, 'buy', Math.floor((1_000 + 100 * i) * 0.9 * 0.18));
  }
  exchange.run({ kind: 'cancelAllOrders', auth: exchange.auth('bob'), marketId: toMarketId(1) });
  // What they had bought fell that day too: 3 % here.
  exchange.timeMs += 1_000;
  exchange.btc(48_500);
  return exchange;
}

/** How many were below maintenance if the token were worth so much: what a venue that believes it would liquidate. */
function weakAt({ state }: Exchange, cents: number): number {
  const { markTicks } = state.markets[0]!;
  return state.accounts.filter(({ collateralAtoms, holdings: [held], balances: [balance] }) => {
    if (held === undefined || balance === undefined) return false;
    const notional = Math.abs(held.sizeLots) * markTicks * 1_000;
    const pnl = held.sizeLots * markTicks * 1_000 - held.entryNotionalAtoms;
    const worth = Math.floor((balance.amountAtoms * cents * 900_000) / 1e10);
    return collateralAtoms + pnl + worth < Math.ceil(notional / 20);
  }).length;
}

function row(exchange: Venue, what: string, events: readonly Event[]): string {
  const { priceTicks } = exchange.state.collaterals[0]!;
  const told = events.flatMap((event) => {
    if (event.kind === 'commandRejected') return [rejectName(event.code)];
    if (event.kind === 'priceBandTripped') return [`stays, reported ${event.reportedTicks}`];
    if (event.kind === 'collateralPriceUpdated') return ['taken'];
    return [];
  });
  return `${what.padEnd(42)}| ${priceTicks} | ${told.join(', ').padEnd(20)} | ${exchange.liquidated.length}`.trimEnd();
}

test('the venue’s own book says 0.65 and 0.12: a venue that believes it liquidates all, here nobody is', () => {
  const exchange = venue(100_000);
  expect([weakAt(exchange, 100), weakAt(exchange, 65), weakAt(exchange, 12)]).toEqual([0, TRADERS, TRADERS]);
  const rows = [
    // A feeder that reads the book stands alone against three that ask what it is redeemed for.
    row(exchange, 'one of four reads the book', exchange.usde(65, 100, 100, 100)),
    row(exchange, 'one of four reads wBETH’s', exchange.usde(12, 100, 100, 100)),
    // Two against two: no median has three near it.
    row(exchange, 'two read the book', exchange.usde(65, 65, 100, 100)),
    row(exchange, 'one reads the book, one is silent', exchange.usde(65, 100, 100, 0)),
    row(exchange, 'and the two that are left', exchange.usde(0, 100, 100, 0)),
    row(exchange, 'all four again', exchange.usde(65, 100, 100, 100)),
  ];
  // What was reported | price in force, in cents | what came of it | liquidated.
  expect(rows).toEqual([
    'one of four reads the book                | 100 | taken                | 0',
    'one of four reads wBETH’s                 | 100 | taken                | 0',
    'two read the book                         | 100 | PRICE_QUORUM_MISSING | 0',
    'one reads the book, one is silent         | 100 | PRICE_QUORUM_MISSING | 0',
    'and the two that are left                 | 100 | PRICE_QUORUM_MISSING | 0',
    'all four again                            | 100 | taken                | 0',
  ]);
  expect(exchange.wrong).toEqual([]);
});

test('one bad feeder, then a real de-peg inside the band: those who are weak at the true price, and nobody else', () => {
  const exchange = venue(500_000);
  const rows: string[] = [];
  for (const cents of [99, 95, 90, 85, 80, 75, 70, 65, 60]) {
    exchange.trueCents = cents;
    const weak = weakAt(exchange, cents);
    rows.push(`${row(exchange, `worth ${cents}, one says 100`, exchange.usde(100, cents, cents, cents))} | ${weak}`);
    for (let second = 0; second < 3; second += 1) {
      exchange.btc(48_500);
      exchange.usde(100, cents, cents, cents);
    }
  }
  // The same | below maintenance at that worth. Sixteen a command: the others follow with the next ones.
  expect(rows).toEqual([
    'worth 99, one says 100                    | 99 | taken                | 0 | 0',
    'worth 95, one says 100                    | 95 | taken                | 0 | 0',
    'worth 90, one says 100                    | 90 | taken                | 0 | 0',
    'worth 85, one says 100                    | 85 | taken                | 0 | 0',
    'worth 80, one says 100                    | 80 | taken                | 0 | 0',
    'worth 75, one says 100                    | 75 | taken                | 0 | 0',
    'worth 70, one says 100                    | 70 | taken                | 16 | 100',
    'worth 65, one says 100                    | 65 | taken                | 100 | 100',
    'worth 60, one says 100                    | 60 | taken                | 100 | 100',
  ]);
  expect(exchange.wrong).toEqual([]);
  expectVaultKept(exchange);
});

test('a jump beyond the band of the token: nobody is liquidated on it before it has stood for 60 s', () => {
  const exchange = venue(100_000);
  const rows: string[] = [];
  exchange.trueCents = 100;
  rows.push(row(exchange, 'all four say 65', exchange.usde(65, 65, 65, 65)));
  for (let second = 1; second < 60; second += 1) {
    const events = exchange.usde(65, 65, 65, 65);
    if (second % 20 === 0 || second === 59) rows.push(row(exchange, `${second} s on`, events));
  }
  // Back in time: it was the book after all.
  rows.push(row(exchange, 'back at 100 a second before', exchange.usde(100, 100, 100, 100)));
  rows.push(row(exchange, 'again 65, for good', exchange.usde(65, 65, 65, 65)));
  exchange.trueCents = 65;
  for (let second = 1; second <= 60; second += 1) {
    exchange.btc(48_500);
    const events = exchange.usde(65, 65, 65, 65);
    if (second >= 59) rows.push(row(exchange, `${second} s on`, events));
  }
  // What was reported | price in force, in cents | what came of it | liquidated.
  expect(rows).toEqual([
    'all four say 65                           | 100 | stays, reported 65   | 0',
    '20 s on                                   | 100 |                      | 0',
    '40 s on                                   | 100 |                      | 0',
    '59 s on                                   | 100 |                      | 0',
    'back at 100 a second before               | 100 | taken                | 0',
    'again 65, for good                        | 100 | stays, reported 65   | 0',
    '59 s on                                   | 100 |                      | 0',
    '60 s on                                   | 65 | taken                | 16',
  ]);
  for (let second = 0; second < 20; second += 1) exchange.tell(exchange.wait(1_000));
  expect([exchange.liquidated.length, exchange.wrong]).toEqual([TRADERS, []]);
  expectVaultKept(exchange);
});

test('what nothing here saves from: all four read the book for a minute, and the judge finds everybody wrongly closed', () => {
  const exchange = venue(100_000);
  for (let second = 0; second <= 60; second += 1) {
    exchange.btc(48_500);
    exchange.usde(65, 65, 65, 65);
  }
  for (let second = 0; second < 20; second += 1) exchange.tell(exchange.wait(1_000));
  expect([exchange.liquidated.length, exchange.wrong.length]).toEqual([TRADERS, TRADERS]);
  expectVaultKept(exchange);
});

function expectVaultKept({ state }: Exchange): void {
  const { backstop, backstopContributedAtoms, insuranceFundAtoms } = state.markets[0]!;
  expect(backstopContributedAtoms - equityOf(backstop!)).toBeLessThanOrEqual(CAP);
  expect(insuranceFundAtoms).toBeGreaterThanOrEqual(0);
  for (const account of state.accounts) {
    const { equityAtoms, maintenanceAtoms } = solvencyOf(account);
    expect(equityAtoms >= maintenanceAtoms || account.liquidationId !== 0 || account.turnKey !== 0).toBe(true);
  }
}
