import { type Event, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readAccountIdOf, readAuctions, readSnapshot, writeSnapshot } from '../../src/index.ts';
import { solvencyOf } from '../../src/margin/accountFigures.ts';
import { type AccountState, accountOf } from '../../src/state.ts';
import { Exchange, indexUpdate } from '../exchange.ts';
import { PLAIN } from '../plainOrder.ts';
import { scenario } from '../scenario.ts';
import { subaccountOf } from '../scenarioOrder.ts';
import { testMarket } from '../testMarket.ts';

/*
 * dYdX, 10 Oct 2025 (dydx.xyz, blog of October 2025): one liquidation closed the
 * whole open interest of an isolated market; money was moved in the wrong order, a pool would have gone negative, a
 * failsafe stopped the chain for about 8 h. On restart the oracle sidecars still gave the prices of before, and accounts
 * that were healthy at the true price were liquidated: 27 claims, 462,097.79 USDC. Sizes here are a trader's, not the market's.
 */

/** A vault that may lose 1,000 USDC; no trading fees, so that the figures are round. */
const ISOLATED = { backstopLossCapAtoms: 1_000_000_000, makerFeePpm: 0, takerFeePpm: 0 };

/** Ann's isolated long is all there is in the market, against bob's isolated short. */
const ANN_LONG = `
    deposit ann 500                |
    ann transfer 100 to BTC        | ann/BTC opened ; ann gives 100 to ann/BTC
    deposit bob 5000               |
    bob transfer 900 to BTC        | bob/BTC opened ; bob gives 900 to bob/BTC
    index BTC 50000                | mark 50000
    ann/BTC buy BTC 0.019 @ 50000  | #1 rests 0.019
    bob/BTC sell BTC 0.019 @ 50000 | #2 sells 0.019 at 50000 from #1 ; #1 filled ; #2 filled`;

test('the last position of a market goes to the book, and both sides of it end with it', () => {
  const exchange = scenario(
    `${ANN_LONG}
    bob/BTC buy BTC 0.019 @ 46000 reduceOnly | #3 rests 0.019
    # Worth 874 USDC: whole. Zero price 46,000 - 24 / 0.019.
    index BTC 46000                | mark 46000 ; ann/BTC liquidated at EQ 24 MM 43.7 ; #4 sells 0.019 at 46000 from #3 ; #3 filled ; close-out sells 0.019 of 0.019 limit 44737 fee 8.74 ; ended at EQ 15.26 MM 0
    fund BTC                       | insurance 8.74
    account ann/BTC                | 15.26 USDC, EQ 15.26 IM 0
    account bob/BTC                | 976 USDC, EQ 976 IM 0
    account ann                    | 400 USDC, EQ 400 IM 0
  `,
    ISOLATED,
  );
  expectEmptyMarket(exchange);
});

test('it goes through an auction to its only counterparty', () => {
  const exchange = scenario(
    `${ANN_LONG}
    bob/BTC register               | bob/BTC takes auctions
    index BTC 47000                | mark 47000 ; ann/BTC liquidated at EQ 43 MM 44.65 ; auction 1 sells 0.019 from 46870 to 44737
    wait 5                         | auction 1 at 45804, 0.019 left
    bob/BTC take 1 BTC 1 @ 47000   | bob/BTC takes 0.019 of 0.019 for 870.276 fee 8.70276 ; auction 1 filled 0 ; ended at EQ 11.57324 MM 0
    account ann/BTC                | 11.57324 USDC, EQ 11.57324 IM 0
    account bob/BTC                | 979.724 USDC, EQ 979.724 IM 0
  `,
    ISOLATED,
  );
  expectEmptyMarket(exchange);
});

test('it goes to the vault, whose own position is then the last, and is worked off', () => {
  const exchange = scenario(
    `${ANN_LONG}
    bob give 1000 BTC backstop     | backstop of market 1 holds 1000
    index BTC 46000                | mark 46000 ; ann/BTC liquidated at EQ 24 MM 43.7 ; backstop 1 takes 0.019 of 0.019 for 850 fee 0 ; ended at EQ 0 MM 0
    bob/BTC buy BTC 0.019 @ 46000 reduceOnly | #3 rests 0.019
    wait 5                         | #4 sells 0.003 at 46000 from #3
    index BTC 46000                |
    wait 5                         | #5 sells 0.003 at 46000 from #3
    index BTC 46000                |
    wait 5                         | #6 sells 0.002 at 46000 from #3
    vault BTC                      | BTC 0.011, EQ 1024 of 1000
    account bob/BTC                | 932 USDC, BTC -0.011 for -550, EQ 976 IM 50.6
  `,
    ISOLATED,
  );
  expect(exchange.state.markets[0]!.openInterestLots).toBe(11);
});

test('bankrupt, with a fund that reaches for a part: the fund ends at 0, never below it', () => {
  const exchange = scenario(
    `${ANN_LONG}
    bob give 1000 BTC backstop     | backstop of market 1 holds 1000
    bob give 2 BTC insurance       | insurance of market 1 holds 2
    index BTC 44500                | mark 44500 ; ann/BTC liquidated at EQ -4.5 MM 42.275 ; backstop 1 takes 0.008 of 0.019 for 356 fee 0 ; insurance pays 1.894737 ; bob/BTC deleveraged 0.011 for 492.105263 ; ended at EQ 0 MM 0
    fund BTC                       | insurance 0.105263
    vault BTC                      | BTC 0.008, EQ 1000 of 1000
    account ann/BTC                | 0 USDC, EQ 0 IM 0
    account ann                    | 400 USDC, EQ 400 IM 0
  `,
    ISOLATED,
  );
  expect(exchange.state.markets[0]!.holders.length).toBe(2);
});

test('nobody else is there: it closes against its only counterparty, at the bankruptcy price', () => {
  const exchange = scenario(
    `${ANN_LONG}
    index BTC 44500                | mark 44500 ; ann/BTC liquidated at EQ -4.5 MM 42.275 ; bob/BTC deleveraged 0.019 for 850 ; ended at EQ 0 MM 0
    account ann/BTC                | 0 USDC, EQ 0 IM 0
    account bob/BTC                | 1000 USDC, EQ 1000 IM 0
    # The market is empty, and goes on.
    ann buy BTC 0.01 @ 44500       | #3 rests 0.01
    bob sell BTC 0.01 @ 44500      | #4 sells 0.01 at 44500 from #3 ; #3 filled ; #4 filled
  `,
    ISOLATED,
  );
  expect(exchange.state.markets[0]!.openInterestLots).toBe(10);
});

test('both sides of the last position are weak at once: the token that both put up fell', () => {
  const exchange = scenario(
    `
    collateral WETH 100            |
    price WETH 1000                |
    deposit ann 1 WETH             |
    deposit bob 1 WETH             |
    ann transfer 0.1 WETH to BTC   | ann/BTC opened ; ann gives 0.1 WETH to ann/BTC
    bob transfer 0.1 WETH to BTC   | bob/BTC opened ; bob gives 0.1 WETH to bob/BTC
    index BTC 50000                | mark 50000
    ann/BTC buy BTC 0.019 @ 50000  | #1 rests 0.019
    bob/BTC sell BTC 0.019 @ 50000 | #2 sells 0.019 at 50000 from #1 ; #1 filled ; #2 filled
    # 0.1 WETH are 45 USDC now, and each needs 47.5. Neither finds anybody; bob's profit makes him healthy.
    price WETH 501                 |
    price WETH 450                 | ann/BTC liquidated at EQ 45 MM 47.5 ; auction 1 sells 0.019 from 49803 to 47632 ; bob/BTC liquidated at EQ 45 MM 47.5 ; auction 2 buys 0.019 from 50197 to 52368
    wait 5                         | auction 1 at 48718, 0.019 left ; auction 2 at 51282, 0.019 left
    price WETH 450                 |
    index BTC 50000                |
    wait 5                         | auction 1 at 47632, 0.019 left ; auction 1 timeOver 0.019 ; bob/BTC deleveraged 0.019 for 905 ; ended at EQ 0 MM 0 ; auction 2 healthy 0.019 ; ended at EQ 90 MM 0
    # The exchange buys ann's token with fees, and has taken none.
    account ann/BTC                | -45 USDC, 0.1 WETH, EQ 0 IM 0
    account bob/BTC                | 45 USDC, 0.1 WETH, EQ 90 IM 0
    fund BTC                       | insurance 0
  `,
    ISOLATED,
  );
  expectEmptyMarket(exchange);
});

function expectEmptyMarket({ state }: Exchange): void {
  const { openInterestLots, holders, insuranceFundAtoms, fundingPoolAtoms } = state.markets[0]!;
  expect([openInterestLots, holders.length]).toEqual([0, 0]);
  expect(Math.min(insuranceFundAtoms, fundingPoolAtoms)).toBeGreaterThanOrEqual(0);
  for (const account of state.accounts) expect(solvencyOf(account).equityAtoms).toBeGreaterThanOrEqual(0);
}

/** What is there to meet the last position: lots in the book, lots of a liquidator, USDC of the vault and of the fund. */
interface Market {
  readonly weakSide: 'buy' | 'sell';
  /** Where the index goes from 50,000, against the weak side: USD. */
  readonly fallTicks: number;
  readonly bookLots: number;
  readonly liquidatorLots: number;
  readonly vaultUsdc: number;
  readonly fundUsdc: number;
}

/** Weak by little, below two thirds, and bankrupt, for 0.018 BTC with 100 USDC. */
const FALLS = [3_250, 4_300, 6_000];

function everyMarket(): Market[] {
  const all: Market[] = [];
  for (const weakSide of ['buy', 'sell'] as const)
    for (const fallTicks of FALLS)
      for (const bookLots of [0, 5])
        for (const liquidatorLots of [0, 1, 5])
          for (const vaultUsdc of [0, 20, 1_000])
            for (const fundUsdc of [0, 2, 100]) {
              all.push({ weakSide, fallTicks, bookLots, liquidatorLots, vaultUsdc, fundUsdc });
            }
  return all;
}

/** Every way in which the last position can go: the story above with every counterparty there, partly there, or not. */
test('the last position in every order of close-out, long and short: money is conserved and no fund below 0', () => {
  const orders = new Map<string, number>();
  for (const market of everyMarket()) {
    const exchange = lastPosition(market);
    const stages = closeLastPosition(exchange, market);
    orders.set(stages, (orders.get(stages) ?? 0) + 1);
    const label = JSON.stringify(market);
    // Isolated: the owner's other money is not touched.
    expect(account(exchange, 'ann').collateralAtoms, label).toBe(400_000_000);
    // Gone, or what is left of it is healthy: five lots bought half-way are enough for one that is weak by little.
    const { equityAtoms, maintenanceAtoms } = solvencyOf(account(exchange, 'ann/BTC'));
    expect(equityAtoms, label).toBeGreaterThanOrEqual(maintenanceAtoms);
    expect(account(exchange, 'ann/BTC').liquidationId, label).toBe(0);
    closeTheRest(exchange, market);
    expectEmptyMarket(exchange);
  }
  // Stages that took lots, in order | of the 324 markets.
  expect(Object.fromEntries([...orders].sort(([one], [other]) => (one < other ? -1 : 1)))).toEqual({
    auction: 18,
    'auction backstop': 6,
    'auction backstop deleverage': 6,
    'auction deleverage': 6,
    backstop: 30,
    'backstop deleverage': 54,
    book: 54,
    'book auction backstop': 6,
    'book auction backstop deleverage': 6,
    'book auction deleverage': 6,
    'book backstop': 18,
    'book backstop deleverage': 18,
    'book deleverage': 18,
    deleverage: 78,
  });
});

function lastPosition({ weakSide, vaultUsdc, fundUsdc }: Market): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', ISOLATED));
  for (const [name, usdc] of [
    ['ann', 500],
    ['bob', 9_000],
    ['dan', 9_000],
  ] as const)
    exchange.deposit(name, usdc);
  const transfer = (owner: string, usdc: number) =>
    exchange.run({
      kind: 'transfer',
      auth: exchange.auth(owner),
      toSubaccount: subaccountOf('BTC'),
      assetId: 0,
      amountAtoms: usdc * 1_000_000,
    });
  transfer('ann', 100);
  transfer('bob', 900);
  exchange.index(1, 50_000);
  const marketId = toMarketId(1);
  for (const [fund, usdc] of [
    ['backstop', vaultUsdc],
    ['insurance', fundUsdc],
  ] as const) {
    const amountAtoms = usdc * 1_000_000;
    if (usdc > 0) exchange.run({ kind: 'fundSafety', auth: exchange.auth('bob'), marketId, fund, amountAtoms });
  }
  exchange.run({ kind: 'registerLiquidator', auth: exchange.auth('dan'), active: true });
  place(exchange, 'ann/BTC', weakSide, 50_000, 18);
  place(exchange, 'bob/BTC', opposite(weakSide), 50_000, 18);
  expect(exchange.state.markets[0]!.openInterestLots).toBe(18);
  return exchange;
}

/** Lets the index fall and time pass until the weak side is gone; tells by which stages, in order. */
function closeLastPosition(exchange: Exchange, market: Market): string {
  const { weakSide, fallTicks, bookLots, liquidatorLots } = market;
  const ticks = weakSide === 'buy' ? 50_000 - fallTicks : 50_000 + fallTicks;
  const stages: string[] = [];
  const note = (events: readonly Event[]) => {
    for (const event of events) {
      if (event.kind === 'positionCloseOut' && event.filledLots > 0) {
        stages.push(event.counterpartyId === 0 && event.stage !== 'book' ? `${event.stage}'s book` : event.stage);
      }
      if (event.kind === 'positionDeleveraged') stages.push('deleverage');
    }
  };
  if (bookLots > 0) place(exchange, 'bob/BTC', weakSide, ticks, bookLots, true);
  note(exchange.index(1, ticks));
  for (let second = 0; second < 15; second += 1) {
    const [auction] = readAuctions(exchange.state);
    if (second === 5 && auction !== undefined && liquidatorLots > 0) {
      const limitTicks = weakSide === 'buy' ? 50_000 : 1;
      const terms = { auctionId: auction.auctionId, marketId: toMarketId(1), sizeLots: liquidatorLots, limitTicks };
      note(exchange.run({ kind: 'takeAuction', auth: exchange.auth('dan'), ...terms }));
    }
    note(exchange.wait(1_000));
    note(exchange.index(1, ticks));
  }
  return stages.join(' ');
}

/** Bob trades with ann, the liquidator and the vault, a fifth at a time, until nobody has anything. */
function closeTheRest(exchange: Exchange, { weakSide, fallTicks }: Market): void {
  const ticks = weakSide === 'buy' ? 50_000 - fallTicks : 50_000 + fallTicks;
  exchange.run({ kind: 'cancelAllOrders', auth: exchange.auth('bob/BTC'), marketId: toMarketId(1) });
  const leftLots = exchange.state.markets[0]!.openInterestLots;
  if (leftLots === 0) return;
  place(exchange, 'bob/BTC', weakSide, ticks, leftLots, true);
  for (const name of ['ann/BTC', 'dan']) {
    const lots = Math.abs(account(exchange, name).holdings[0]?.sizeLots ?? 0);
    if (lots > 0) place(exchange, name, opposite(weakSide), ticks, lots, true);
  }
  for (let step = 0; step < 40; step += 1) {
    exchange.wait(5_000);
    exchange.index(1, ticks);
  }
}

function opposite(side: 'buy' | 'sell'): 'buy' | 'sell' {
  return side === 'buy' ? 'sell' : 'buy';
}

function place(
  exchange: Exchange,
  name: string,
  side: 'buy' | 'sell',
  priceTicks: number,
  sizeLots: number,
  reduceOnly = false,
): readonly Event[] {
  const terms = { ...PLAIN, marketId: toMarketId(1), side, priceTicks, sizeLots, reduceOnly };
  return exchange.run({ kind: 'placeOrder', auth: exchange.auth(name), ...terms });
}

function account(exchange: Exchange, name: string): AccountState {
  const [owner = '', number = '0'] = name.split('/');
  return accountOf(exchange.state, readAccountIdOf(exchange.state, exchange.address(owner), subaccountOf(number))!);
}

/** Index before the halt, in the crash that nobody heard of, and 8 h later. */
const BEFORE = 121_000;
const CRASH = 105_000;
const TRUE = 113_000;
const HALT_MS = 8 * 3_600_000;

/**
 * 27 longs who would be under maintenance at 105,000 and are healthy at 113,000, one who is not healthy there either, and
 * 12 who would not be weak anywhere. Long 0.1 BTC each from 121,000 against bob.
 */
function beforeTheHalt(): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { resumeGraceMs: 60_000, makerFeePpm: 0, takerFeePpm: 0 }));
  exchange.deposit('bob', 1_000_000);
  exchange.index(1, BEFORE);
  place(exchange, 'bob', 'sell', BEFORE, 4_000);
  // Under maintenance at p with less than 0.1 x (121,000 - 0.95 p): 1,365 USDC at 113,000, 2,125 at 105,000.
  for (let i = 0; i < 40; i += 1) {
    exchange.deposit(`t${i}`, i === 27 ? 1_300 : i < 27 ? 1_400 + 25 * i : 2_200 + 100 * i);
    place(exchange, `t${i}`, 'buy', BEFORE, 100);
  }
  return exchange;
}

/** Who would be below maintenance if the price were `ticks`: recomputed from collateral and entry alone. */
function weakAt({ state }: Exchange, ticks: number): number[] {
  return state.accounts
    .filter(({ collateralAtoms, holdings: [held] }) => {
      if (held === undefined) return false;
      const valueAtoms = held.sizeLots * ticks * 1_000;
      const equityAtoms = collateralAtoms + valueAtoms - held.entryNotionalAtoms;
      return equityAtoms < Math.ceil((Math.abs(valueAtoms) * 50_000) / 1_000_000);
    })
    .map(({ accountId }) => accountId);
}

test('stale prices on restart: whoever believed them would liquidate 28, the engine none of the 27 who are healthy', () => {
  const before = beforeTheHalt();
  expect([weakAt(before, BEFORE).length, weakAt(before, CRASH).length, weakAt(before, TRUE).length]).toEqual([
    0, 28, 1,
  ]);
  const crashMs = before.timeMs + 60_000;

  // The process starts again from its snapshot, 8 h later.
  const exchange = new Exchange(readSnapshot(writeSnapshot(before.state)));
  exchange.timeMs = before.timeMs + HALT_MS;
  const rows: string[] = [];
  const liquidated: number[] = [];
  const row = (what: string, events: readonly Event[]) => {
    for (const event of events) if (event.kind === 'liquidationStarted') liquidated.push(event.accountId);
    const { tradingStatus, markTicks } = exchange.state.markets[0]!;
    rows.push(`${what.padEnd(46)}| ${tradingStatus.padEnd(10)} | ${markTicks} | ${liquidated.length}`);
  };
  // The sidecars hand over what they had: reports of the crash, hours old.
  row('8 h later: a report of the crash', exchange.run(indexUpdate(1, CRASH, crashMs)));
  exchange.timeMs += 500;
  row('another one', exchange.run(indexUpdate(1, CRASH, crashMs + 500)));
  exchange.timeMs += 500;
  // A sidecar that stamps its old price with a new time, but of before the return.
  row('one stamped 2 s before now', exchange.run(indexUpdate(1, CRASH, exchange.timeMs - 2_000)));
  row('a trader adds margin', exchange.deposit('t0', 10));
  row('the true price', exchange.index(1, TRUE));
  const steps = [
    [5, '5 s on'],
    [10, '10 s on'],
    [30, 'half of the grace'],
    [29, 'a second before its end'],
    [1, 'its end'],
  ] as const;
  for (const [seconds, what] of steps) {
    for (let second = 0; second < seconds; second += 1) {
      exchange.timeMs += 999;
      const events = exchange.index(1, TRUE);
      if (second === seconds - 1) row(what, events);
      else for (const event of events) if (event.kind === 'liquidationStarted') liquidated.push(event.accountId);
    }
  }
  // What came | status | mark | liquidated.
  expect(rows).toEqual([
    '8 h later: a report of the crash              | cancelOnly | 121000 | 0',
    'another one                                   | cancelOnly | 121000 | 0',
    'one stamped 2 s before now                    | cancelOnly | 121000 | 0',
    'a trader adds margin                          | cancelOnly | 121000 | 0',
    'the true price                                | cancelOnly | 113000 | 0',
    '5 s on                                        | postOnly   | 113000 | 0',
    '10 s on                                       | open       | 113000 | 0',
    'half of the grace                             | open       | 113000 | 0',
    'a second before its end                       | open       | 113000 | 0',
    'its end                                       | open       | 113000 | 1',
  ]);
  // Bob is account 1: t27 is account 29.
  expect(liquidated).toEqual(weakAt(before, TRUE));
  for (const accountId of weakAt(before, CRASH)) {
    if (accountId === 29) continue;
    const { equityAtoms, maintenanceAtoms } = solvencyOf(
      accountOf(exchange.state, accountId as AccountState['accountId']),
    );
    expect(equityAtoms).toBeGreaterThanOrEqual(maintenanceAtoms);
  }
});
