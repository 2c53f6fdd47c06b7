import { test } from 'vitest';
import { scenario } from './scenario.ts';

test('funding with an empty premium is the interest: 0.01 % over 8 hours', () => {
  scenario(`
    deposit ann 20000              |
    deposit bob 20000              |
    index BTC 50000                | mark 50000
    bob sell BTC 1 @ 50000         | #1 rests 1
    ann buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    wait 5                         |
    wait 3590                      |
    index BTC 50000                |
    # 100,000 / 8 = 12,500 in 10^-9 of 50,000 USD = 0.625 USD for one BTC and one hour.
    wait 5                         | rate 12500 of market 1
    account ann                    | 19975 USDC, BTC 1 for 50000, EQ 19974.375 IM 5000
    account bob                    | 19990 USDC, BTC -1 for -50000, EQ 19990.625 IM 5000
    ann sell BTC 1 @ 50000         | #3 rests 1
    bob buy BTC 1 @ 50000          | ann pays funding 0.625 ; bob pays funding -0.625 ; #4 buys 1 at 50000 from #3 ; #3 filled ; #4 filled
    pool BTC                       | pool 0
  `);
});

test('a book above the index makes longs pay the premium', () => {
  scenario(`
    deposit ann 20000              |
    deposit bob 20000              |
    deposit cat 90000              |
    index BTC 50000                | mark 50000
    bob sell BTC 1 @ 50000         | #1 rests 1
    ann buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    # Impact notional 10,000: 0.1 BTC at 50,200 and 0.0995 at 50,100, on average 50,150 = 0.3 % over the index.
    cat buy BTC 0.1 @ 50200        | #3 rests 0.1
    cat buy BTC 5 @ 50100          | #4 rests 5
    wait 5                         |
    cat cancelAll                  | #3 cancelledByOwner 0.1 ; #4 cancelledByOwner 5
    wait 3590                      |
    index BTC 50000                |
    # Two samples: 3,000,000 (0.3 %) and 0; average 1,500,000 less 500,000 towards interest, / 8.
    wait 5                         | rate 125000 of market 1
  `);
});

test('after a long silence one hour is settled, without a price none', () => {
  scenario(`
    deposit ann 20000              |
    deposit bob 20000              |
    index BTC 50000                | mark 50000
    wait 36000                     | rate 0 of market 1
    index BTC 60000                | mark 60000
  `);
});
