import { toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';
import { testMarket } from './testMarket.ts';

test('a small position is closed whole on the book, and what it brings above the zero price pays the fee', () => {
  scenario(`
    deposit ann 100                |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann buy BTC 0.018 @ 50000      | #1 rests 0.018
    bob sell BTC 0.018 @ 50000     | #2 sells 0.018 at 50000 from #1 ; #1 filled ; #2 filled
    ann sell BTC 0.018 @ 52000 reduceOnly | #3 rests 0.018
    # Equity 100 - 0.18 - 54 = 45.82 > maintenance 0.018 x 47,000 x 5 % = 42.3.
    index BTC 47000                | mark 47000
    bob buy BTC 1 @ 46500          | #4 rests 1
    # Equity 42.22, maintenance 42.12. Then 37.72 < 41.895: fillable down to 46,550 - 1.5 x (41.895 - 37.72) / 0.018 = 46,202.1.
    # Zero price 46,550 - 37.72 / 0.018 = 44,454.4.
    index BTC 46800                | mark 46800
    index BTC 46550                | mark 46550 ; ann liquidated at EQ 37.72 MM 41.895 ; #3 liquidation 0.018 ; #5 sells 0.018 at 46500 from #4 ; close-out sells 0.018 of 0.018 limit 46203 fee 8.37 ; ended at EQ 28.45 MM 0
    # Fee 1 % of 837; the surplus over the zero price was 36.82.
    account ann                    | 28.45 USDC, EQ 28.45 IM 0
    fund                           | insurance 8.37
  `);
});

test('a large position is closed in part, until the account has a tenth more than it needs', () => {
  scenario(`
    deposit ann 10000              |
    deposit bob 200000             |
    index BTC 50000                | mark 50000
    ann buy BTC 1.9 @ 50000        | #1 rests 1.9
    bob sell BTC 1.9 @ 50000       | #2 sells 1.9 at 50000 from #1 ; #1 filled ; #2 filled
    bob buy BTC 3 @ 47000          | #3 rests 3
    # Fillable down to 47,100 - 1.5 x (4,460 - 4,200) / 1.9: the bid is good enough.
    # (1.1 x 4,465 - 4,281) / (47,000 x (5.5 % - 1 % - 0.5 %)) = 630.5 / 1,880 = 0.3354, so 0.336.
    index BTC 47000                | mark 47000 ; ann liquidated at EQ 4281 MM 4465 ; #4 sells 0.336 at 47000 from #3 ; close-out sells 0.336 of 0.336 limit 46855 fee 157.92 ; ended at EQ 4123.08 MM 3675.4
    # 4,281 - 157.92 for the fee = 4,123.08; a tenth more than 1.564 BTC needs is 4,042.94.
    account ann                    | 8815.08 USDC, BTC 1.564 for 78200, EQ 4123.08 IM 7350.8
    fund                           | insurance 157.92
  `);
});

test('what nobody takes at the fillable price becomes an auction, and the book is asked first', () => {
  scenario(`
    deposit ann 10000              |
    deposit bob 200000             |
    index BTC 50000                | mark 50000
    ann buy BTC 1.9 @ 50000        | #1 rests 1.9
    bob sell BTC 1.9 @ 50000       | #2 sells 1.9 at 50000 from #1 ; #1 filled ; #2 filled
    # Fillable: 47,100 - 1.5 x 3.5 / 1.9; zero price: 47,100 - 4,471 / 1.9.
    index BTC 47100                | mark 47100 ; ann liquidated at EQ 4471 MM 4474.5 ; auction 1 sells 0.24 from 47098 to 44747
    ann sell BTC 1 @ 47200         | refused ACCOUNT_IN_LIQUIDATION
    ann withdraw 1                 | refused ACCOUNT_IN_LIQUIDATION
    bob buy BTC 3 @ 47000          | #3 rests 3
    # A tenth of the way down: 47,098 - 235.
    wait 1                         | #4 sells 0.24 at 47000 from #3 ; close-out sells 0.24 of 0.24 limit 46863 fee 112.8 ; auction 1 filled 0 ; ended at EQ 4334.2 MM 3909.3
    account ann                    | 9148.2 USDC, BTC 1.66 for 83000, EQ 4334.2 IM 7818.6
  `);
});

test('a deposit in time ends a liquidation', () => {
  scenario(`
    deposit ann 10000              |
    deposit bob 200000             |
    index BTC 50000                | mark 50000
    ann buy BTC 1.9 @ 50000        | #1 rests 1.9
    bob sell BTC 1.9 @ 50000       | #2 sells 1.9 at 50000 from #1 ; #1 filled ; #2 filled
    index BTC 47100                | mark 47100 ; ann liquidated at EQ 4471 MM 4474.5 ; auction 1 sells 0.24 from 47098 to 44747
    deposit ann 1000               | auction 1 healthy 0.24 ; ended at EQ 5471 MM 4474.5
    account ann                    | 10981 USDC, BTC 1.9 for 95000, EQ 5471 IM 8949
  `);
});

test('nobody is closed out on a stale price', () => {
  scenario(`
    deposit ann 10000              |
    deposit bob 200000             |
    index BTC 50000                | mark 50000
    index ETH 3000                 | mark 3000
    ann buy BTC 1.9 @ 50000        | #1 rests 1.9
    bob sell BTC 1.9 @ 50000       | #2 sells 1.9 at 50000 from #1 ; #1 filled ; #2 filled
    ann buy ETH 0.1 @ 3000         | #3 rests 0.1
    bob sell ETH 0.1 @ 3000        | #4 sells 0.1 at 3000 from #3 ; #3 filled ; #4 filled
    wait 11                        |
    index BTC 47000                | mark 47000
    index ETH 3000                 | ann liquidated at EQ 4280.94 MM 4480 ; auction 1 sells 0.345 from 46844 to 44755
  `);
});

test('bankrupt with an insurance fund: the fund pays what the book lacks', () => {
  scenario(`
    deposit eve 3000               |
    deposit bob 200000             |
    bob give 112.8 BTC insurance   | insurance of market 1 holds 112.8
    index BTC 47100                | mark 47100
    eve buy BTC 0.5 @ 47100        | #1 rests 0.5
    bob sell BTC 0.5 @ 47100       | #2 sells 0.5 at 47100 from #1 ; #1 filled ; #2 filled
    bob buy BTC 0.6 @ 40900        | #3 rests 0.6
    # Equity 3,000 - 4.71 - 3,050 = -54.71. The fund's 112.8 let the book sell down to (20,554.71 - 112.8) / 0.5.
    index BTC 41000                | mark 41000 ; eve liquidated at EQ -54.71 MM 1025 ; #4 sells 0.5 at 40900 from #3 ; close-out sells 0.5 of 0.5 limit 40884 fee 0 ; insurance pays 104.71 ; ended at EQ 0 MM 0
    fund                           | insurance 8.09
    account eve                    | 0 USDC, EQ 0 IM 0
  `);
});

test('bankrupt without a fund: opposing positions are reduced at the bankruptcy price, best rank first', () => {
  scenario(`
    deposit ann 5000               |
    deposit bob 100000             |
    deposit cat 3000               |
    deposit dan 4000               |
    index BTC 50000                | mark 50000
    ann buy BTC 0.9 @ 50000        | #1 rests 0.9
    bob sell BTC 0.3 @ 50000       | #2 sells 0.3 at 50000 from #1 ; #2 filled
    cat sell BTC 0.3 @ 50000       | #3 sells 0.3 at 50000 from #1 ; #3 filled
    dan sell BTC 0.3 @ 50000       | #4 sells 0.3 at 50000 from #1 ; #1 filled ; #4 filled
    cat buy BTC 0.1 @ 40000 reduceOnly | #5 rests 0.1
    # Equity 5,000 - 9 - 5,400 = -409: bankrupt at 44,000 + 409 / 0.9 = 44,454.44, which is 13,336.33 for 0.3.
    # All three have the same profit; cat has the highest leverage, then dan.
    index BTC 44000                | mark 44000 ; ann liquidated at EQ -409 MM 1980 ; cat deleveraged 0.3 for 13336.333334 ; #5 reduceOnlyNothingLeft 0.1 ; dan deleveraged 0.3 for 13336.333333 ; bob deleveraged 0.3 for 13336.333333 ; ended at EQ 0 MM 0
    account ann                    | 0 USDC, EQ 0 IM 0
    account bob                    | 101656.166667 USDC, EQ 101656.166667 IM 0
    account cat                    | 4656.166666 USDC, EQ 4656.166666 IM 0
    account dan                    | 5656.166667 USDC, EQ 5656.166667 IM 0
    fund                           | insurance 0
  `);
});

test('forty at once: sixteen a command, the weakest first, and nobody twice before everybody once', () => {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD'));
  exchange.deposit('bob', 100_000);
  exchange.index(1, 50_000);
  const place = (owner: string, side: 'buy' | 'sell', sizeLots: number) =>
    exchange.run({
      kind: 'placeOrder',
      ...PLAIN,
      auth: exchange.auth(owner),
      marketId: toMarketId(1),
      side,
      priceTicks: 50_000,
      sizeLots,
    });
  // The later the account, the less money it has.
  for (let i = 0; i < 40; i += 1) {
    exchange.deposit(`t${i}`, 110 - i * 0.1);
    place(`t${i}`, 'buy', 20);
    place('bob', 'sell', 20);
  }
  const started = (events: ReturnType<Exchange['run']>) =>
    events.flatMap((event) => (event.kind === 'liquidationStarted' ? [event.accountId - 2] : []));
  const rows = [started(exchange.index(1, 46_500)), started(exchange.wait(0)), started(exchange.wait(0))];
  const weakestFirst = Array.from({ length: 40 }, (_, i) => 39 - i);
  expect(rows).toEqual([weakestFirst.slice(0, 16), weakestFirst.slice(16, 32), weakestFirst.slice(32)]);
  expect(exchange.state.suspects.size).toBe(0);
});

test('an account in liquidation has its next turn a second later, whatever prices move in between', () => {
  scenario(`
    deposit ann 6000               |
    deposit bob 1000000            |
    index BTC 50000                | mark 50000
    index ETH 3000                 | mark 3000
    bob sell BTC 1 @ 50000         | #1 rests 1
    ann buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    index BTC 46000                | mark 46000 ; ann liquidated at EQ 1975 MM 2300 ; auction 1 sells 0.302 from 45513 to 44025
    bob buy BTC 1 @ 46000          | #3 rests 1
    index ETH 3000                 |
    index BTC 46000                |
    wait 0.997                     |
    wait 0.001                     | #4 sells 0.302 at 46000 from #3 ; close-out sells 0.302 of 0.302 limit 45365 fee 138.92 ; auction 1 filled 0 ; ended at EQ 1836.08 MM 1605.4
  `);
});
