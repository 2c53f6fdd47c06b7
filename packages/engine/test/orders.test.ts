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
    account cat                    | 99924.98 USDC, BTC 3 for 150040, EQ 99884.98 IM 17515
  `);
});
