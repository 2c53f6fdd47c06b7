import { test } from 'vitest';
import { scenario } from './scenario.ts';

test('all of it within its limit, or nothing', () => {
  scenario(`
    deposit ann 100000                     |
    deposit bob 100000                     |
    index BTC 50000                        | mark 50000
    ann sell BTC 0.5 @ 50000               | #1 rests 0.5
    ann sell BTC 1 @ 50100 show 0.6        | #2 rests 1
    bob buy BTC 1.501 @ 50100 fok          | refused FILL_OR_KILL_UNFILLABLE
    bob buy BTC 0.501 @ 50099 fok          | refused FILL_OR_KILL_UNFILLABLE
    # The last level is at the limit itself, and hidden lots count.
    # What is hidden is not counted on.
    bob buy BTC 1.5 @ 50100 fok    | refused FILL_OR_KILL_UNFILLABLE
    bob buy BTC 1.1 @ 50100 fok    | #3 buys 0.5 at 50000 from #1 ; #1 filled ; #3 buys 0.6 at 50100 from #2 ; #2 shows 0.4 ; #3 filled
    ann buy BTC 0.5 @ 49900                | #4 rests 0.5
    ann buy BTC 0.5 @ 49800                | #5 rests 0.5
    bob sell BTC 1.001 @ 49800 fok         | refused FILL_OR_KILL_UNFILLABLE
    bob sell BTC 1 @ 49801 fok             | refused FILL_OR_KILL_UNFILLABLE
    bob sell BTC 1 @ 49800 fok             | #6 sells 0.5 at 49900 from #4 ; #4 filled ; #6 sells 0.5 at 49800 from #5 ; #5 filled ; #6 filled
    # Less than a level: what is left of it stays.
    ann buy BTC 1 @ 49900                  | #7 rests 1
    bob sell BTC 0.4 @ 49900 fok           | #8 sells 0.4 at 49900 from #7 ; #8 filled
    book BTC                               | bids 0.6@49900 asks 0.4@50100
  `);
});

test('orders that may not trade when they are met do not count, nor does what else their owner has behind them', () => {
  const opened = `
    deposit ann 100000                     |
    deposit bob 100000                     |
    deposit cat 100000                     |
    index BTC 50000                        | mark 50000
    cat sell BTC 1 @ 50000                 | #1 rests 1
    ann buy BTC 1 @ 50000                  | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled`;
  scenario(`${opened}
    ann sell BTC 0.5 @ 50100 reduceOnly    | #3 rests 0.5
    ann sell BTC 0.5 @ 50200               | #4 rests 0.5
    cat sell BTC 0.5 @ 50200               | #5 rests 0.5
    bob buy BTC 0.501 @ 50200 fok          | refused FILL_OR_KILL_UNFILLABLE
    # What counts suffices, so the order is taken; then it meets the others first.
    bob buy BTC 0.5 @ 50200 fok            | #6 buys 0.5 at 50100 from #3 ; #3 filled ; #6 filled
    bob buy BTC 1 @ 50200 fok              | #7 buys 0.5 at 50200 from #4 ; #4 filled ; #7 buys 0.5 at 50200 from #5 ; #5 filled ; #7 filled
  `);
  scenario(`${opened}
    ann oco sell BTC 0.5 @ 50100 / sell BTC 0.5 market stop 45000 | #3 rests 0.5 ; item 0 #3 ; #4 waits for 45000 ; item 1 #4
    bob buy BTC 0.5 @ 50100 fok            | refused FILL_OR_KILL_UNFILLABLE
    ann cancel #4                          | #4 cancelledByOwner 0.5 ; #3 linkedOrder 0.5
    ann sell BTC 0.5 @ 50100               | #5 rests 0.5
    ann protect BTC window 10 quantity 9   | ann protected
    bob buy BTC 0.5 @ 50100 fok            | refused FILL_OR_KILL_UNFILLABLE
    cat sell BTC 0.5 @ 50100               | #6 rests 0.5
    bob buy BTC 0.5 @ 50100 fok            | #7 buys 0.5 at 50100 from #5 ; #5 filled ; #7 filled
  `);
});

test('a maker counts as far as all its counted fills leave it at or above maintenance', () => {
  const rested = `
    deposit ann 986                        |
    deposit bob 1000000                    |
    index BTC 50000                        | mark 50000
    ann sell BTC 0.1 @ 50000               | #1 rests 0.1
    ann sell BTC 0.06 @ 50010              | #2 rests 0.06`;
  // Short 0.1 from 50,000 at 57,000: 986 - 700 - 1 of fee is the 285 that it needs.
  // Stops fire with the mark itself, before ann's orders can be taken away for want of initial margin.
  scenario(`${rested}
    bob buy BTC 0.1 @ 50000 fok stop 57000 | #3 waits for 57000
    index BTC 57000                        | mark 57000 ; #3 fires at 57000 ; #3 buys 0.1 at 50000 from #1 ; #1 filled ; #3 filled ; #2 preLiquidation 0.06
  `);
  // A dollar higher it is 284.9 of 285.005. The smaller order alone would be sound, but it comes behind.
  scenario(`${rested}
    bob sell BTC 0.04 @ 50010              | #3 rests 0.04
    deposit cat 100000                     |
    cat buy BTC 0.1 @ 50010 fok stop 57001 | #4 waits for 57001
    cat buy BTC 0.04 @ 50010 fok stop 57001 | #5 waits for 57001
    index BTC 57001                        | mark 57001 ; #4 fires at 57001 ; #4 triggerRefused FILL_OR_KILL_UNFILLABLE 0.1 ; #5 fires at 57001 ; #5 buys 0.04 at 50000 from #1 ; #5 filled ; #2 preLiquidation 0.06 ; #1 preLiquidation 0.06
  `);
  // Only what is taken counts: 0.1 and 0.001 are sound at 55,000.
  scenario(`${rested}
    bob buy BTC 0.101 @ 50010 fok stop 55000 | #3 waits for 55000
    index BTC 55000                        | mark 55000 ; #3 fires at 55000 ; #3 buys 0.1 at 50000 from #1 ; #1 filled ; #3 buys 0.001 at 50010 from #2 ; #3 filled ; #2 preLiquidation 0.059
  `);
  scenario(`${rested}
    # Each alone is sound at 55,000, both are not: 986 - 500 - 299.4 - 1.6 of fees is less than 440.
    bob buy BTC 0.16 @ 50010 fok stop 55000 | #3 waits for 55000
    bob buy BTC 0.1 @ 50010 fok stop 55000 | #4 waits for 55000
    index BTC 55000                        | mark 55000 ; #3 fires at 55000 ; #3 triggerRefused FILL_OR_KILL_UNFILLABLE 0.16 ; #4 fires at 55000 ; #4 buys 0.1 at 50000 from #1 ; #1 filled ; #4 filled ; #2 preLiquidation 0.06
  `);
});

test('the fee decides whether a reducing trade leaves its owner with anything', () => {
  const opened = `
    deposit ann 1000                       |
    deposit bob 100000                     |
    index BTC 50000                        | mark 50000
    ann buy BTC 0.18 @ 50000               | #1 rests 0.18
    bob sell BTC 0.18 @ 50000              | #2 sells 0.18 at 50000 from #1 ; #1 filled ; #2 filled`;
  scenario(`${opened}
    # 998.2 - 0.18 x 5,550 is under the fee of 4.0005 at 44,450; at 44,477 4.06 are left to pay 4.00293.
    bob buy BTC 0.18 @ 44450               | #3 rests 0.18
    ann sell BTC 0.18 @ 44450 fok          | refused FILL_OR_KILL_UNFILLABLE
    ann sell BTC 0.18 @ 44450 ioc          | #4 marginInsufficient 0.18
    bob buy BTC 0.18 @ 44477               | #5 rests 0.18
    ann sell BTC 0.18 @ 44450 fok          | #6 sells 0.18 at 44477 from #5 ; #5 filled ; #6 filled
    account ann                            | 0.05707 USDC, EQ 0.05707 IM 0
  `);
  scenario(`${opened}
    # As a maker it pays 1.6002 at 44,450, and nothing is left; 1.600704 of 1.72 at 44,464.
    ann sell BTC 0.18 @ 44450              | #3 rests 0.18
    bob buy BTC 0.18 @ 44450               | #3 marginInsufficient 0.18 ; #4 rests 0.18
    bob cancel #4                          | #4 cancelledByOwner 0.18
    ann sell BTC 0.18 @ 44464              | #5 rests 0.18
    bob buy BTC 0.18 @ 44464               | #6 buys 0.18 at 44464 from #5 ; #5 filled ; #6 filled
    account ann                            | 0.119296 USDC, EQ 0.119296 IM 0
  `);
});

test('the order that a replacement takes the place of is not in its way', () => {
  scenario(`
    deposit ann 100000                     |
    deposit bob 100000                     |
    index BTC 50000                        | mark 50000
    ann sell BTC 1 @ 50000                 | #1 rests 1
    bob sell BTC 1 @ 50010                 | #2 rests 1
    ann buy BTC 1 @ 50010 fok stp expireTaker | refused FILL_OR_KILL_UNFILLABLE
    ann replace #1 buy BTC 1 @ 50010 fok stp expireTaker | #1 replaced 1 ; #3 buys 1 at 50010 from #2 ; #2 filled ; #3 filled
  `);
});
