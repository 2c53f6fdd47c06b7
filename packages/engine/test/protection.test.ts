import { REJECT_CODES, toAccountId, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readAccount } from '../src/index.ts';
import { scenario } from './scenario.ts';

test('the bound on lots: the fill that passes it is the last', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann protect BTC window 10 quantity 1       | ann protected
    ann buy BTC 0.6 @ 49900                    | #1 rests 0.6
    ann buy BTC 0.6 @ 49800                    | #2 rests 0.6
    ann buy BTC 0.6 @ 49700                    | #3 rests 0.6
    ann sell BTC 0.6 @ 50100                   | #4 rests 0.6
    ann buy BTC 0.6 market stop 51000          | #5 waits for 51000
    ann sell BTC 0.6 market stop 45000 reduceOnly | #6 waits for 45000
    # 0.6 and 0.4 are the bound itself; 0.1 more is beyond. What is left of the seller meets nobody.
    bob sell BTC 1 @ 49800                     | #7 sells 0.6 at 49900 from #1 ; #1 filled ; #7 sells 0.4 at 49800 from #2 ; #7 filled
    bob sell BTC 0.8 @ 49700                   | #8 sells 0.2 at 49800 from #2 ; #2 filled ; ann frozen by quantity ; #3 marketMakerProtection 0.6 ; #4 marketMakerProtection 0.6 ; #5 marketMakerProtection 0.6 ; #8 rests 0.6
    ann buy BTC 0.1 @ 49000                    | refused MARKET_MAKER_PROTECTION_ACTIVE
    ann buy BTC 0.1 market stop 52000          | refused MARKET_MAKER_PROTECTION_ACTIVE
    ann twap buy BTC 1 for 10 in 2             | refused MARKET_MAKER_PROTECTION_ACTIVE
    # What makes the position smaller is welcome.
    ann sell BTC 0.1 @ 52000 reduceOnly        | #9 rests 0.1
    # Time does not thaw it, nor new bounds; the reset does.
    wait 9                                     | mark 49953
    ann protect BTC window 20 count 5          | ann protected
    index BTC 50000                            |
    ann buy BTC 0.1 @ 49000                    | refused MARKET_MAKER_PROTECTION_ACTIVE
    ann unprotect BTC                          | ann reset
    ann buy BTC 0.1 @ 49000                    | #10 rests 0.1
  `);
});

test('the bound on one direction nets buys and sells; the bound on fills counts each', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann protect BTC window 10 delta 0.5        | ann protected
    ann buy BTC 2 @ 49900                      | #1 rests 2
    ann sell BTC 2 @ 50100                     | #2 rests 2
    bob sell BTC 0.5 @ 49900                   | #3 sells 0.5 at 49900 from #1 ; #3 filled
    bob buy BTC 0.9 @ 50100                    | #4 buys 0.9 at 50100 from #2 ; #4 filled
    bob buy BTC 0.2 @ 50100                    | #5 buys 0.2 at 50100 from #2 ; ann frozen by delta ; #1 marketMakerProtection 1.5 ; #2 marketMakerProtection 0.9 ; #5 filled
    ann unprotect BTC                          | ann reset
    ann protect BTC window 10 quantity 9 count 2 | ann protected
    ann buy BTC 2 @ 49900                      | #6 rests 2
    bob sell BTC 0.1 @ 49900                   | #7 sells 0.1 at 49900 from #6 ; #7 filled
    bob sell BTC 0.1 @ 49900                   | #8 sells 0.1 at 49900 from #6 ; #8 filled
    bob sell BTC 0.1 @ 49900                   | #9 sells 0.1 at 49900 from #6 ; ann frozen by count ; #6 marketMakerProtection 1.7 ; #9 filled
  `);
});

test('a window begins with a fill and ends with its time; fills as a taker do not count', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann protect BTC window 2 count 1           | ann protected
    ann buy BTC 2 @ 50000                      | #1 rests 2
    bob sell BTC 0.1 @ 50000                   | #2 sells 0.1 at 50000 from #1 ; #2 filled
    wait 2                                     |
    # The window is over when its time is: this fill is the first of another.
    bob sell BTC 0.1 @ 50000                   | #3 sells 0.1 at 50000 from #1 ; #3 filled
    wait 1                                     |
    bob sell BTC 1 @ 50001                     | #4 rests 1
    ann buy BTC 0.5 @ 50001                    | #5 buys 0.5 at 50001 from #4 ; #5 filled
    ann buy BTC 0.5 @ 50001                    | #6 buys 0.5 at 50001 from #4 ; #4 filled ; #6 filled
    bob sell BTC 0.1 @ 50000                   | #7 sells 0.1 at 50000 from #1 ; ann frozen by count ; #1 marketMakerProtection 1.7 ; #7 filled
  `);
});

test('a TWAP order outlives the freeze; its slices are refused until the reset', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann protect BTC window 10 quantity 0.001   | ann protected
    ann twap buy BTC 0.4 for 12 in 4           | #1 runs ; #1 slice 1: 0 of 0.1
    ann buy BTC 1 @ 49900                      | #2 rests 1
    bob sell BTC 0.1 @ 49900                   | #3 sells 0.1 at 49900 from #2 ; ann frozen by quantity ; #2 marketMakerProtection 0.9 ; #3 filled
    wait 4                                     | #1 slice 2: 0 of 0.2 MARKET_MAKER_PROTECTION_ACTIVE
    ann unprotect BTC                          | ann reset
    wait 4                                     | #1 slice 3: 0 of 0.3
  `);
});

test('setting it again and resetting it both begin anew', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann protect BTC window 10 count 1          | ann protected
    ann buy BTC 2 @ 50000                      | #1 rests 2
    bob sell BTC 0.1 @ 50000                   | #2 sells 0.1 at 50000 from #1 ; #2 filled
    ann protect BTC window 10 count 1          | ann protected
    bob sell BTC 0.1 @ 50000                   | #3 sells 0.1 at 50000 from #1 ; #3 filled
    ann unprotect BTC                          | ann reset
    bob sell BTC 0.1 @ 50000                   | #4 sells 0.1 at 50000 from #1 ; #4 filled
    bob sell BTC 0.1 @ 50000                   | #5 sells 0.1 at 50000 from #1 ; ann frozen by count ; #1 marketMakerProtection 1.6 ; #5 filled
  `);
});

test('protections are listed by market, and a stranger sets and resets none', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    ann protect ETH window 10 count 1          | ann protected
    ann protect BTC window 10 count 2          | ann protected
    ann protect ETH window 10 count 3          | ann protected
  `);
  const listed = () =>
    readAccount(exchange.state, toAccountId(1))!.protections.map(({ marketId, fillCount }) => [marketId, fillCount]);
  expect(listed()).toEqual([
    [1, 2],
    [2, 3],
  ]);
  const stranger = () => exchange.auth('ann', { signer: exchange.address('bob') });
  const refused = [{ kind: 'commandRejected', code: REJECT_CODES.SIGNER_NOT_AUTHORIZED, accountId: 1 }];
  const marketId = toMarketId(1);
  const none = { windowMs: 0, quantityLots: 0, deltaLots: 0, fillCount: 0 };
  expect(exchange.run({ kind: 'setMarketMakerProtection', auth: stranger(), marketId, ...none })).toEqual(refused);
  expect(exchange.run({ kind: 'resetMarketMakerProtection', auth: stranger(), marketId })).toEqual(refused);
  expect(listed().length).toBe(2);
});

test('a protection is of one market, goes with a window of 0, and its bounds must make sense', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    index ETH 3000                             | mark 3000
    ann protect XRP window 10 count 1          | refused MARKET_UNKNOWN
    ann protect BTC window 10                  | refused PROTECTION_INVALID
    ann protect BTC window 0 count 1           | refused PROTECTION_INVALID
    ann protect BTC window 86401 count 1       | refused PROTECTION_INVALID
    ann protect BTC window 10 count 1.5        | refused PROTECTION_INVALID
    ann protect BTC window 10 count -1         | refused PROTECTION_INVALID
    ann unprotect XRP                          | refused MARKET_UNKNOWN
    ann protect ETH window 10 quantity 0.001   | ann protected
    ann protect BTC window 10 quantity 0.001   | ann protected
    ann buy BTC 1 @ 49900                      | #1 rests 1
    ann buy ETH 1 @ 2900                       | #2 rests 1
    bob sell BTC 0.1 @ 49900                   | #3 sells 0.1 at 49900 from #1 ; ann frozen by quantity ; #1 marketMakerProtection 0.9 ; #3 filled
    ann buy ETH 1 @ 2900                       | #4 rests 1
    # Taken away, with the freeze.
    ann protect BTC window 0                   | ann protected
    ann buy BTC 1 @ 49900                      | #5 rests 1
    bob sell BTC 1 @ 49900                     | #6 sells 1 at 49900 from #5 ; #5 filled ; #6 filled
  `);
});
