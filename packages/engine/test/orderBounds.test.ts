import { CLIENT_ORDER_IDS_REMEMBERED } from '@keel/types';
import { expect, test } from 'vitest';
import { scenario } from './scenario.ts';

test('a price as far from mark as the band allows is welcome, one tick further is not', () => {
  scenario(
    `
    deposit ann 100000                    |
    index BTC 50000                       | mark 50000
    ann buy BTC 0.1 @ 55000 ioc           | #1 immediateRemainder 0.1
    ann buy BTC 0.1 @ 55001 ioc           | refused PRICE_OUTSIDE_BAND
    ann sell BTC 0.1 @ 45000 ioc          | #2 immediateRemainder 0.1
    ann sell BTC 0.1 @ 44999 ioc          | refused PRICE_OUTSIDE_BAND
    `,
    { priceBandPpm: 100_000 },
  );
});

test('an order does not slide out of the prices of its market', () => {
  scenario(
    `
    deposit ann 100000                    |
    deposit bob 100000                    |
    index BTC 50000                       | mark 50000
    ann buy BTC 0.1 @ 50999               | #1 rests 0.1
    bob sell BTC 0.1 @ 50000 slide        | #2 rests 0.1
    book BTC                              | bids 0.1@50999 asks 0.1@51000
    bob cancel #2                         | #2 cancelledByOwner 0.1
    ann buy BTC 0.1 @ 51000               | #3 rests 0.1
    bob sell BTC 0.1 @ 50000 slide        | refused POST_ONLY_WOULD_CROSS
    `,
    { maxPriceTicks: 51_000 },
  );
  scenario(`
    deposit ann 100000                    |
    deposit bob 100000                    |
    index BTC 2                           | mark 2
    ann sell BTC 50 @ 2                   | #1 rests 50
    bob buy BTC 50 @ 2 slide              | #2 rests 50
    book BTC                              | bids 50@1 asks 50@2
    bob cancel #2                         | #2 cancelledByOwner 50
    ann sell BTC 50 @ 1                   | #3 rests 50
    bob buy BTC 50 @ 2 slide              | refused POST_ONLY_WOULD_CROSS
  `);
});

test('an amendment too makes no iceberg of more than a hundred parts', () => {
  scenario(`
    deposit ann 100000                    |
    index BTC 50000                       | mark 50000
    ann buy BTC 1 @ 49000 show 0.01       | #1 rests 1
    ann amend #1 @ 49000 size 1.001       | refused DISPLAY_SIZE_INVALID
    ann amend #1 @ 49001 size 1           | #1 now 1 at 49001, goes behind ; #1 rests 1
    ann buy BTC 0.9 @ 51500 stop 51000 show 0.01 | #2 waits for 51000
    ann amend #2 @ 51500 size 1.001       | refused DISPLAY_SIZE_INVALID
    ann amend #2 @ 51500 size 1           | #2 now 1 at 51500, keeps its place
  `);
});

test('lots that went against own orders count as never traded when the rest of an order goes', () => {
  const rested = `
    deposit ann 100000                    |
    deposit bob 100000                    |
    index BTC 50000                       | mark 50000
    ann sell BTC 0.4 @ 50000              | #1 rests 0.4
    bob sell BTC 0.1 @ 50000              | #2 rests 0.1`;
  scenario(`${rested}
    ann buy BTC 1 @ 50000 ioc stp decrement | #1 selfTrade 0.4 ; #3 buys 0.1 at 50000 from #2 ; #2 filled ; #3 immediateRemainder 0.9
  `);
  scenario(`${rested}
    ann buy BTC 1 @ 50000 stp decrement   | #1 selfTrade 0.4 ; #3 buys 0.1 at 50000 from #2 ; #2 filled ; #3 rests 0.5
    ann cancel #3                         | #3 cancelledByOwner 0.5
  `);
});

test('the names of the last closed orders are known, older ones may be used again', () => {
  const used = (from: number, to: number): string =>
    Array.from(
      { length: to - from + 1 },
      (_, place) => `ann buy BTC 0.1 @ 49000 ioc name n${from + place} | #${from + place} immediateRemainder 0.1`,
    ).join('\n');
  expect(CLIENT_ORDER_IDS_REMEMBERED).toBe(200);
  scenario(`
    deposit ann 100000                    |
    index BTC 50000                       | mark 50000
    ${used(1, 200)}
    ann buy BTC 0.1 @ 49000 name n1       | duplicate of #1
    ${used(201, 201)}
    ann buy BTC 0.1 @ 49000 name n2       | duplicate of #2
    ann buy BTC 0.1 @ 49000 name n1       | #202 rests 0.1
    # A replacement takes the name over, and keeps it when the name of the replaced one is forgotten.
    ann replace #202 buy BTC 0.1 @ 48000 name n1 | #202 replaced 0.1 ; #203 rests 0.1
    ${used(204, 404)}
    ann buy BTC 0.1 @ 49000 name n204     | #405 rests 0.1
    ann cancel name n1                    | #203 cancelledByOwner 0.1
  `);
});

test('an order that goes with the one that fires before it keeps nobody else from firing', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann oco buy BTC 0.1 market stop 51000 / buy BTC 0.1 market stop 51500 | #1 waits for 51000 ; item 0 #1 ; #2 waits for 51500 ; item 1 #2
    ann buy BTC 0.1 market stop 51200          | #3 waits for 51200
    bob sell BTC 1 @ 52500                     | #4 rests 1
    index BTC 52000                            | mark 52000 ; #1 fires at 52000 ; #2 linkedOrder 0.1 ; #1 buys 0.1 at 52500 from #4 ; #1 filled ; #3 fires at 52000 ; #3 buys 0.1 at 52500 from #4 ; #3 filled
  `);
});

test('an order has its place among the open ones before it fires, so a full account does not refuse it', () => {
  const resting = Array.from({ length: 199 }, (_, place) => `ann buy BTC 0.001 @ 49000 | #${place + 2} rests 0.001`);
  scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 0.1 @ 50500 stop 50400         | #1 waits for 50400
    ${resting.join('\n')}
    ann buy BTC 0.1 @ 49000                    | refused TOO_MANY_OPEN_ORDERS
    index BTC 50401                            | mark 50401 ; #1 fires at 50401 ; #1 rests 0.1
    ann cancel #1                              | #1 cancelledByOwner 0.1
  `);
});
