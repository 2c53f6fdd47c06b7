import { test } from 'vitest';
import { scenario } from './scenario.ts';

test('better prices trade first, and at one price the older order', () => {
  scenario(`
    deposit ann 100000             |
    deposit bob 100000             |
    deposit cat 100000             |
    index BTC 50000                | mark 50000
    ann sell BTC 1 @ 50020         | #1 rests 1
    bob sell BTC 1 @ 50010         | #2 rests 1
    ann sell BTC 1 @ 50010         | #3 rests 1
    book BTC                       | bids - asks 2@50010 1@50020
    cat buy BTC 1.5 @ 50010        | #4 buys 1 at 50010 from #2 ; #2 filled ; #4 buys 0.5 at 50010 from #3 ; #4 filled
    cat buy BTC 2 @ 50030          | #5 buys 0.5 at 50010 from #3 ; #3 filled ; #5 buys 1 at 50020 from #1 ; #1 filled ; #5 rests 0.5
    book BTC                       | bids 0.5@50030 asks -
    # Taker fee 5 bp of 150,040 = 75.02; initial margin of 3.5 BTC and 0.5 x 30 USD that the bid is above mark.
    account cat                    | 99924.98 USDC, BTC 3 for 150040, EQ 99884.98 IM 17515
    # Maker fees 2 bp: ann 100,030 x 0.0002 = 20.006, bob 50,010 x 0.0002 = 10.002.
    account ann                    | 99979.994 USDC, BTC -2 for -100030, EQ 100009.994 IM 10000
    account bob                    | 99989.998 USDC, BTC -1 for -50010, EQ 99999.998 IM 5000
    fees                           | fees 105.028
  `);
});

test('each order type, alone with the book', () => {
  scenario(`
    deposit ann 100000             |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann sell BTC 1 @ 50100         | #1 rests 1
    ann sell BTC 1 @ 53000         | #2 rests 1
    bob buy BTC 1 @ 50099 ioc      | #3 immediateRemainder 1
    bob buy BTC 1.5 @ 50100 ioc    | #4 buys 1 at 50100 from #1 ; #1 filled ; #4 immediateRemainder 0.5
    # A market order stops at mark + 5 % = 52,500.
    bob buy BTC 1 market           | #5 immediateRemainder 1
    bob buy BTC 1 @ 53000 market   | #6 buys 1 at 53000 from #2 ; #2 filled ; #6 filled
    bob buy BTC 1 @ 50000 postOnly | #7 rests 1
    ann sell BTC 1 @ 50000 postOnly | refused POST_ONLY_WOULD_CROSS
    ann sell BTC 1 @ 50001 postOnly | #8 rests 1
    ann cancel #8                  | #8 cancelledByOwner 1
    ann cancel #8                  | refused ORDER_UNKNOWN
    ann cancel #7                  | refused ORDER_NOT_YOURS
    ann buy BTC 1 @ 49000          | #9 rests 1
    ann buy ETH 1 @ 2900           | refused MARKET_PRICE_UNAVAILABLE
    ann cancelAll ETH              |
    ann cancelAll                  | #9 cancelledByOwner 1
    book BTC                       | bids 1@50000 asks -
  `);
});

test('an own resting order that would be met goes, and the rest trades on', () => {
  scenario(`
    deposit ann 100000             |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann sell BTC 1 @ 50000         | #1 rests 1
    bob sell BTC 1 @ 50000         | #2 rests 1
    ann buy BTC 1 @ 50000          | #1 selfTrade 1 ; #3 buys 1 at 50000 from #2 ; #2 filled ; #3 filled
  `);
});

test('reduce-only never adds: it is cut to the position, shrinks with it and goes with it', () => {
  scenario(`
    deposit ann 100000               |
    deposit bob 100000               |
    index BTC 50000                  | mark 50000
    bob sell BTC 1 @ 51000 reduceOnly | refused REDUCE_ONLY_WOULD_INCREASE
    ann sell BTC 1 @ 50000           | #1 rests 1
    bob buy BTC 1 @ 50000            | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    bob buy BTC 1 @ 49000 reduceOnly | refused REDUCE_ONLY_WOULD_INCREASE
    bob sell BTC 5 @ 51000 reduceOnly | #3 rests 1
    bob sell BTC 1 @ 52000 reduceOnly | #4 rests 1
    ann buy BTC 0.6 @ 49000          | #5 rests 0.6
    bob sell BTC 0.6 @ 49000         | #6 sells 0.6 at 49000 from #5 ; #5 filled ; #4 rests 0.4 ; #3 rests 0.4 ; #6 filled
    ann buy BTC 1 @ 51000            | #7 buys 0.4 at 51000 from #3 ; #3 filled ; #4 reduceOnlyNothingLeft 0.4 ; #7 rests 0.6
    book BTC                         | bids 0.6@51000 asks -
    # Fees 25 + 14.7 + 4.08, result -600 + 400.
    account bob                      | 99756.22 USDC, EQ 99756.22 IM 0
  `);
});

test('margin decides who may add risk, and nobody is kept from reducing', () => {
  scenario(`
    deposit ann 1000               |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    # 0.2 BTC = 10,000: 10 % margin 1,000 and 5 bp fee 5 do not fit into 1,000, 0.199 BTC does.
    ann buy BTC 0.2 @ 50000        | refused INSUFFICIENT_MARGIN
    ann buy BTC 0.199 @ 50000      | #1 rests 0.199
    ann buy BTC 0.001 @ 50000      | refused INSUFFICIENT_MARGIN
    # The other side adds only its fee, 2.55: the worst size stays 0.199.
    ann sell BTC 0.1 @ 51000       | #2 rests 0.1
    bob sell BTC 0.199 @ 50000     | #3 sells 0.199 at 50000 from #1 ; #1 filled ; #3 filled
    ann cancelAll                  | #2 cancelledByOwner 0.1
    index BTC 48000                | mark 48000
    # Equity is under initial 955.2 but over maintenance 477.6: adding is refused, reducing is not.
    account ann                    | 998.01 USDC, BTC 0.199 for 9950, EQ 600.01 IM 955.2
    ann buy BTC 0.001 @ 40000      | refused INSUFFICIENT_MARGIN
    ann sell BTC 0.1 @ 48000       | #4 rests 0.1
    # A second 0.1 could turn the position round by 0.001.
    ann sell BTC 0.1 @ 48000       | refused INSUFFICIENT_MARGIN
    ann sell BTC 0.099 @ 48000     | #5 rests 0.099
  `);
});

test('a market order is covered at the prices it will have, not at its slippage cap', () => {
  scenario(`
    deposit ann 100000             |
    deposit bob 1000               |
    index BTC 50000                | mark 50000
    ann sell BTC 0.1 @ 50000       | #1 rests 0.1
    ann sell BTC 0.1 @ 50100       | #2 rests 0.1
    # 0.19 BTC: margin 950, open loss 9 (0.09 BTC bought 100 above mark), fees 2.5 + 2.2545: 963.7545 of 1,000.
    # At the cap of 52,500 the loss alone would be 475.
    bob buy BTC 0.19 market        | #3 buys 0.1 at 50000 from #1 ; #1 filled ; #3 buys 0.09 at 50100 from #2 ; #3 filled
    account bob                    | 995.2455 USDC, BTC 0.19 for 9509, EQ 986.2455 IM 950
    # What an ioc order cannot take needs no margin: nothing is offered up to 50,000.
    bob buy BTC 5 @ 50000 ioc      | #4 immediateRemainder 5
    # The same order resting would need it.
    bob buy BTC 5 @ 50000          | refused INSUFFICIENT_MARGIN
  `);
});

test('a withdrawal leaves initial margin and a tenth of notional, and takes no paper gains', () => {
  scenario(`
    deposit ann 10000              |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    bob sell BTC 1 @ 50000         | #1 rests 1
    ann buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    account ann                    | 9975 USDC, BTC 1 for 50000, EQ 9975 IM 5000
    ann withdraw 4975.000001       | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    ann withdraw 4975              | withdrawal 0 of 4975
    ann withdraw 0.999999          | refused WITHDRAWAL_OUT_OF_RANGE
    index BTC 60000                | mark 60000
    # Free by margin: 15,000 - 6,000; but only 5,000 of it is money.
    account ann                    | 5000 USDC, BTC 1 for 50000, EQ 15000 IM 6000
    ann withdraw 5000.000001       | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    ann withdraw 5000              | withdrawal 1 of 5000
    account ann                    | 0 USDC, BTC 1 for 50000, EQ 10000 IM 6000
  `);
});

test('a resting order whose fill would bankrupt its owner goes instead of trading', () => {
  scenario(`
    deposit ann 1000               |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann buy BTC 0.18 @ 50000       | #1 rests 0.18
    bob sell BTC 0.18 @ 50000      | #2 sells 0.18 at 50000 from #1 ; #1 filled ; #2 filled
    ann sell BTC 0.18 @ 51000 reduceOnly | #3 rests 0.18
    index BTC 70000                | mark 69999
    # At mark ann has 998.2 + 3,600; sold at 51,000 it is 998.2 + 180 and no position, which is sound.
    bob buy BTC 0.18 @ 51000       | #4 buys 0.18 at 51000 from #3 ; #3 filled ; #4 filled
    account ann                    | 1176.364 USDC, EQ 1176.364 IM 0
    ann sell BTC 0.16 @ 70000      | #5 rests 0.16
    # A stop fires with the mark itself, before anybody can take ann's order away for want of initial margin.
    bob buy BTC 0.16 @ 70000 stop 78000 | #6 waits for 78000
    # A short of 0.16 at 70,000 would be 1,440 under water at once, more than ann has.
    index BTC 79000                | mark 78999 ; #6 fires at 78999 ; #5 marginInsufficient 0.16 ; #6 rests 0.16
  `);
});

test('a reducing order trades as far as it does not bring its owner nearer to bankruptcy', () => {
  scenario(`
    deposit ann 1000               |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann buy BTC 0.18 @ 50000       | #1 rests 0.18
    bob sell BTC 0.18 @ 50000      | #2 sells 0.18 at 50000 from #1 ; #1 filled ; #2 filled
    bob buy BTC 0.05 @ 46000       | #3 rests 0.05
    bob buy BTC 1 @ 30000          | #4 rests 1
    ann sell BTC 0.18 @ 20000      | #5 sells 0.05 at 46000 from #3 ; #3 filled ; #5 marginInsufficient 0.13
  `);
});

test('what an iceberg shows is worth no less than the smallest order, also at an amended price', () => {
  scenario(`
    deposit ann 100000                          |
    index BTC 50000                             | mark 50000
    # 0.001 BTC at 10,000 is the minimum of 10 USD.
    ann buy BTC 0.1 @ 10000 show 0.001          | #1 rests 0.1
    ann buy BTC 0.1 @ 9999 show 0.001           | refused DISPLAY_SIZE_INVALID
    ann buy BTC 0.1 @ 9999 show 0.001 reduceOnly | refused DISPLAY_SIZE_INVALID
    ann buy BTC 0.001 @ 9999 reduceOnly         | refused REDUCE_ONLY_WOULD_INCREASE
    ann amend #1 @ 9999 size 0.1                | refused DISPLAY_SIZE_INVALID
    ann amend #1 @ 10000 size 0.05              | #1 now 0.05 at 10000, keeps its place
    ann buy BTC 0.1 @ 10000 show 0.001 stop 51000 | #2 waits for 51000
    ann amend #2 @ 9999 size 0.1                | refused DISPLAY_SIZE_INVALID
    ann amend #2 @ 10001 size 0.1               | #2 now 0.1 at 10001, keeps its place
  `);
});
