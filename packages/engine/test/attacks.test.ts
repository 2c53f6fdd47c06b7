import { COLLATERAL_ATOMS_MAX, toAccountId, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readAccount, readAccountIdOf } from '../src/index.ts';
import { accountOf } from '../src/state.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';
import { testMarket } from './testMarket.ts';

/** A band that lets every price pass: what it would refuse must do no harm either. */
const NO_BAND = { priceBandPpm: 1_000_000_000_000_000 };

test('a friend cannot buy the insurance fund with a bid far below mark', () => {
  const exchange = scenario(
    `
    deposit ann 10000              |
    deposit bob 1000000            |
    index BTC 50000                | mark 50000
    ann buy BTC 1 @ 50000          | #1 rests 1
    bob sell BTC 1 @ 50000         | #2 sells 1 at 50000 from #1 ; #1 filled ; #2 filled
    bob buy BTC 1 @ 1000           | #3 rests 1
  `,
    NO_BAND,
  );
  // As if others had filled the fund.
  exchange.state.markets[0]!.insuranceFundAtoms += 50_000_000_000;
  exchange.state.depositedAtoms += 50_000_000_000n;
  // Bankrupt at 40,010. The fund could go down to no price at all; it goes to 39,000 x 95 %, so the friend gets nothing.
  const events = exchange.index(1, 39_000);
  expect(events.filter((event) => event.kind === 'insurancePaid')).toEqual([]);
  expect(events.filter((event) => event.kind === 'positionDeleveraged')).toMatchObject([{ priceTicks: 40_010 }]);
  expect(exchange.state.markets[0]!.insuranceFundAtoms).toBe(50_000_000_000);
});

test('a bankruptcy that no price can pay goes to auto-deleverage, whatever rests in the book', () => {
  scenario(
    `
    deposit ann 10000              |
    deposit bob 1000000            |
    index BTC 50000                | mark 50000
    index ETH 3000                 | mark 3000
    ann buy BTC 1.9 @ 50000        | #1 rests 1.9
    bob sell BTC 1.9 @ 50000       | #2 sells 1.9 at 50000 from #1 ; #1 filled ; #2 filled
    ann sell ETH 0.1 @ 3000        | #3 rests 0.1
    bob buy ETH 0.1 @ 3000         | #4 buys 0.1 at 3000 from #3 ; #3 filled ; #4 filled
    bob sell ETH 0.1 @ 1 reduceOnly | #5 rests 0.1
    index BTC 2000                 | market 1 stays at 50000, reported 2000
    wait 60                        |
    index BTC 2000                 | market 1 believed at 2000 ; mark 2000
    # Equity 10,000 - 19 - 0.06 - 91,200, maintenance 190 + 15: closing the short must bring money, so an ask at 1 is too dear.
    index ETH 3000                 | ann liquidated at EQ -81219.06 MM 205 ; bob deleveraged 1.9 for 79076.201952 ; bob deleveraged 0.1 for 5642.858048 ; #5 reduceOnlyNothingLeft 0.1 ; ended at EQ 0 MM 0
  `,
    NO_BAND,
  );
});

test('an account without a cent does not fill, even at a price that would give it one', () => {
  const exchange = scenario(`
    deposit ann 1000               |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann buy BTC 0.1 @ 49000        | #1 rests 0.1
  `);
  // As if ann had lost all she had; the margin of the resting order with it.
  accountOf(exchange.state, readAccountIdOf(exchange.state, exchange.address('ann'))!).collateralAtoms = 0;
  exchange.state.depositedAtoms -= 1_000_000_000n;
  const events = exchange.run({
    kind: 'placeOrder',
    ...PLAIN,
    auth: exchange.auth('bob'),
    marketId: toMarketId(1),
    side: 'sell',
    timeInForce: 'ioc',
    priceTicks: 49_000,
    sizeLots: 100,
  });
  expect(events).toMatchObject([
    { kind: 'orderAccepted' },
    { kind: 'orderClosed', reason: 'marginInsufficient' },
    { kind: 'orderClosed', reason: 'immediateRemainder' },
  ]);
});

test('resting orders that a long position once balanced cannot lead past the position limit', () => {
  // The limit is 100 BTC.
  scenario(`
    deposit ann 10000000           |
    deposit bob 10000000           |
    index BTC 50000                | mark 50000
    ann buy BTC 100 @ 50000        | #1 rests 100
    bob sell BTC 100 @ 50000       | #2 sells 100 at 50000 from #1 ; #1 filled ; #2 filled
    ann sell BTC 100 @ 51000       | #3 rests 100
    ann sell BTC 100 @ 51000       | refused POSITION_LIMIT_EXCEEDED
    ann sell BTC 100 @ 52000 reduceOnly | #4 rests 100
    ann cancel #3                  | #3 cancelledByOwner 100
    ann sell BTC 100 @ 51000       | #5 rests 100
    bob buy BTC 100 @ 51000        | #6 buys 100 at 51000 from #5 ; #5 filled ; #4 reduceOnlyNothingLeft 100 ; #6 filled
  `);
});

test('reduce-only orders need no margin, however many there are: they cannot turn a position', () => {
  const exchange = new Exchange();
  // The highest price times the largest position is just a safe integer.
  const fine = {
    sizeDecimals: 6,
    atomsPerTickLot: 1,
    ...NO_BAND,
    maxOpenInterestLots: 1_000_000_000_000,
    maxPriceTicks: 90_000_000,
  };
  exchange.list(testMarket(1, 'BTC-USD', { ...fine, maxPositionLots: 100_000_000, maxOrderLots: 100_000_000 }));
  exchange.deposit('ann', 900_000_000);
  exchange.deposit('bob', 900_000_000);
  exchange.index(1, 50_000_000);
  const place = (owner: string, side: 'buy' | 'sell', priceTicks: number, reduceOnly: boolean) =>
    exchange.run({
      kind: 'placeOrder',
      ...PLAIN,
      auth: exchange.auth(owner),
      marketId: toMarketId(1),
      side,
      priceTicks,
      sizeLots: 80_000_000,
      reduceOnly,
    });
  place('ann', 'buy', 50_000_000, false);
  place('bob', 'sell', 50_000_000, false);
  const before = exchange.run({
    kind: 'withdraw',
    auth: exchange.auth('ann'),
    recipient: exchange.address('ann'),
    assetId: 0,
    amountAtoms: 1_000_000,
  });
  expect(before[0]?.kind).toBe('withdrawalRequested');
  for (let i = 0; i < 4; i += 1) place('ann', 'sell', 51_000_000 + i, true);
  const after = exchange.run({
    kind: 'withdraw',
    auth: exchange.auth('ann'),
    recipient: exchange.address('ann'),
    assetId: 0,
    amountAtoms: 1_000_000,
  });
  expect(after[0]?.kind).toBe('withdrawalRequested');
});

test('a deposit never sends back more than itself: what stands above the bound may be the margin of a position', () => {
  const exchange = new Exchange();
  exchange.deposit('ann', 999_999_999);
  const accountId = readAccountIdOf(exchange.state, exchange.address('ann'))!;
  // As if ann had won 500 USDC since.
  accountOf(exchange.state, accountId).collateralAtoms += 500_000_000;
  exchange.state.depositedAtoms += 500_000_000n;
  const events = exchange.deposit('ann', 3);
  expect(events[1]).toMatchObject({ kind: 'withdrawalRequested', amountAtoms: 3_000_000 });
  expect(readAccount(exchange.state, accountId)?.collateralAtoms).toBe(COLLATERAL_ATOMS_MAX + 499_000_000);
});

test('money poured from account to account stops before it leaves the safe integers', () => {
  const exchange = new Exchange();
  const fine = {
    sizeDecimals: 6,
    atomsPerTickLot: 1,
    ...NO_BAND,
    maxOpenInterestLots: 1_000_000_000_000,
    maxPriceTicks: 10_000_000,
  };
  exchange.list(testMarket(1, 'BTC-USD', { ...fine, maxPositionLots: 800_000_000, maxOrderLots: 800_000_000 }));
  exchange.index(1, 50_000);
  const place = (owner: string, side: 'buy' | 'sell', priceTicks: number) =>
    exchange.run({
      kind: 'placeOrder',
      ...PLAIN,
      auth: exchange.auth(owner),
      marketId: toMarketId(1),
      side,
      priceTicks,
      sizeLots: 90_000_000,
    });
  exchange.deposit('ann', 1_000_000_000);
  const collateralAtoms = () => readAccount(exchange.state, toAccountId(1))?.collateralAtoms;
  // Each friend buys 90 BTC of ann at 10,000,000 and she buys them back at 50,000: 895,500,000 USDC a friend.
  for (let i = 0; i < 12; i += 1) {
    exchange.deposit(`f${i}`, 1_000_000_000);
    place('ann', 'sell', 10_000_000);
    place(`f${i}`, 'buy', 10_000_000);
    place(`f${i}`, 'sell', 50_000);
    place('ann', 'buy', 50_000);
  }
  expect(collateralAtoms()).toBeGreaterThan(5_000_000_000_000_000);
  expect(collateralAtoms()).toBeLessThan(7_000_000_000_000_000);
  // Nor does a deposit push it over the edge.
  expect(exchange.deposit('ann', 1_000_000_000)[1]).toMatchObject({ kind: 'withdrawalRequested' });
});

test('a bid of many million times the index is a premium of the band, no more', () => {
  const exchange = new Exchange();
  const fine = {
    sizeDecimals: 6,
    atomsPerTickLot: 1,
    ...NO_BAND,
    maxOpenInterestLots: 1_000_000_000_000,
    maxPriceTicks: 90_000_000,
    impactNotionalAtoms: 1_000_000,
  };
  exchange.list(testMarket(1, 'BTC-USD', fine));
  exchange.deposit('ann', 1_000);
  exchange.index(1, 1);
  exchange.run({
    kind: 'placeOrder',
    ...PLAIN,
    auth: exchange.auth('ann'),
    marketId: toMarketId(1),
    side: 'buy',
    priceTicks: 90_000_000,
    sizeLots: 1,
  });
  exchange.wait(5_000);
  expect(exchange.state.markets[0]).toMatchObject({ premiumSamples: 1, premiumSumPpb: 100_000_000 });
});

test('orders of several markets count together against what an account may lead to', () => {
  const exchange = new Exchange();
  const fine = {
    sizeDecimals: 6,
    atomsPerTickLot: 1,
    ...NO_BAND,
    maxOpenInterestLots: 1_000_000_000_000,
    maxPriceTicks: 90_000_000,
  };
  const place = (marketId: number) =>
    exchange.run({
      kind: 'placeOrder',
      ...PLAIN,
      auth: exchange.auth('ann'),
      marketId: toMarketId(marketId),
      side: 'buy',
      priceTicks: 50_000_000,
      sizeLots: 54_000_000,
    });
  exchange.deposit('ann', 1_000_000_000);
  for (const [before, symbol] of ['BTC-USD', 'ETH-USD'].entries()) {
    const id = before + 1;
    exchange.list(testMarket(id, symbol, { ...fine, maxPositionLots: 100_000_000, maxOrderLots: 100_000_000 }));
    exchange.index(id, 50_000_000);
  }
  // 2.7 * 10^15 atoms each; together more than half the safe integers. Margin would be there for three.
  expect([place(1), place(2)].map((events) => events[0]?.kind)).toEqual(['orderAccepted', 'commandRejected']);
});

test('quotes left behind in an outage do not become the mark with the first price after it', () => {
  scenario(`
    deposit ann 100000             |
    deposit bob 100000             |
    deposit cat 6000               |
    index BTC 50000                | mark 50000
    ann buy BTC 1 @ 50000          | #1 rests 1
    bob sell BTC 1 @ 50000         | #2 sells 1 at 50000 from #1 ; #1 filled ; #2 filled
    cat buy BTC 1 @ 50000          | #3 rests 1
    bob sell BTC 1 @ 50000         | #4 sells 1 at 50000 from #3 ; #3 filled ; #4 filled
    ann buy BTC 1 @ 45000          | #5 rests 1
    wait 600                       |
    # Only reducing orders are taken now, and ann is alone in the book.
    ann sell BTC 1 @ 45100 reduceOnly | #6 rests 1
    # The book counts as if it had stood for 1 s: 50,000 - 4,900 x 1 / 31. For its 10 minutes, cat would be liquidated.
    index BTC 50000                | mark 49841
  `);
});

test('nobody trades a moment longer on the mark from before a halt', () => {
  scenario(`
    deposit ann 5100               |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    bob sell BTC 1 @ 50000         | #1 rests 1
    status BTC halted              | market 1 halted
    index BTC 42000                |
    # On the old mark ann would be bankrupt a second later, and the fund would pay bob, her friend.
    status BTC open                | market 1 open ; mark 42000
    ann buy BTC 1 @ 50000          | refused INSUFFICIENT_MARGIN
  `);
});

test('a fill-or-kill order does not count on an account whose orders a move of the mark takes away', () => {
  scenario(`
    deposit ann 13540              |
    deposit bob 1000000            |
    deposit cat 1000000            |
    index BTC 45000                | mark 45000
    ann buy BTC 1 @ 45000          | #1 rests 1
    bob sell BTC 1 @ 45000         | #2 sells 1 at 45000 from #1 ; #1 filled ; #2 filled
    ann sell BTC 1 @ 48000 reduceOnly | #3 rests 1
    ann sell BTC 3 @ 49000         | #4 rests 3
    # 3 lots at 49,000 she could bear; 1 of them at 48,000 she cannot. So the 3 go with the mark, and what can only close stays.
    index BTC 54900                | mark 54899 ; #4 preLiquidation 3
    cat buy BTC 3 @ 49000 fok      | refused FILL_OR_KILL_UNFILLABLE
    cat buy BTC 3 @ 49000 ioc      | #5 buys 1 at 48000 from #3 ; #3 filled ; #5 immediateRemainder 2
  `);
});

test('a switch set to the same time again and again has one entry', () => {
  const exchange = new Exchange();
  exchange.deposit('ann', 100);
  for (let left = 80_000; left > 79_000; left -= 1) {
    exchange.run({ kind: 'cancelAllAfter', auth: exchange.auth('ann'), timeoutMs: left });
    exchange.run({ kind: 'cancelAllAfter', auth: exchange.auth('ann'), timeoutMs: 0 });
    exchange.timeMs += 1;
  }
  expect(exchange.state.deadlines.ids.length).toBeLessThan(100);
});

test('a position that comes back to what it was over and over is watched once', () => {
  const exchange = scenario(`
    deposit ann 100000             |
    deposit bob 100000             |
    deposit cat 100000             |
    index BTC 50000                | mark 50000
    ann sell BTC 1 @ 50000         | #1 rests 1
    bob buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
  `);
  const quote = { ...PLAIN, marketId: toMarketId(1), sizeLots: 1 };
  for (let turn = 0; turn < 300; turn += 1) {
    // 10 ticks on each side pay the fees to the atom, so ann is worth what she was.
    const [bid, ask] = [
      { ...quote, side: 'buy', priceTicks: 49_990 } as const,
      { ...quote, side: 'sell', priceTicks: 50_010 } as const,
    ];
    exchange.run({ kind: 'placeOrders', auth: exchange.auth('ann'), orders: [bid, ask], grouping: 'none' });
    const orders = [{ ...bid, side: 'sell' } as const, { ...ask, side: 'buy' } as const];
    exchange.run({ kind: 'placeOrders', auth: exchange.auth('cat'), orders, grouping: 'none' });
  }
  expect(exchange.state.markets[0]!.shortsWatched.ids.length).toBeLessThan(100);
});
