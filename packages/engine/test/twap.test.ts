import { type Authorization, type Command, type Event, REJECT_CODES, toMarketId, toOrderId } from '@keel/types';
import { expect, test } from 'vitest';
import { scenario } from './scenario.ts';

test('equal slices from the start to the end, the last with what is left over', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    bob sell BTC 2 @ 50000                     | #1 rests 2
    ann twap buy BTC 1 for 12 in 3             | #2 runs ; #2 buys 0.333 at 50000 from #1 ; #2 slice 1: 0.333 of 0.333
    wait 5                                     |
    wait 1                                     | #2 buys 0.333 at 50000 from #1 ; #2 slice 2: 0.333 of 0.333
    index BTC 50000                            |
    wait 5                                     |
    wait 1                                     | #2 buys 0.334 at 50000 from #1 ; #2 slice 3: 0.334 of 0.334 ; #2 filled
    account ann                                | 99975 USDC, BTC 1 for 50000, EQ 99975 IM 5000
    account bob                                | 99990 USDC, BTC -1 for -50000, EQ 99990 IM 10000
  `);
});

test('what a slice does not get the next ones make up for, three slices at a time; the rest is dropped at the end', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann twap sell BTC 0.6 for 10 in 6          | #1 runs ; #1 slice 1: 0 of 0.1
    wait 2                                     | #1 slice 2: 0 of 0.2
    wait 2                                     | #1 slice 3: 0 of 0.3
    wait 2                                     | #1 slice 4: 0 of 0.3
    bob buy BTC 0.5 @ 50000                    | #2 rests 0.5
    # Late: the fifth and the sixth are one.
    wait 4                                     | #1 sells 0.3 at 50000 from #2 ; #1 slice 6: 0.3 of 0.3 ; #1 twapEnded 0.3
    wait 2                                     |
  `);
});

test('a slice is no larger than an order may be; what that leaves the next ones make up for', () => {
  scenario(
    `
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann twap sell BTC 0.6 for 10 in 6          | #1 runs ; #1 slice 1: 0 of 0.1
    wait 2                                     | #1 slice 2: 0 of 0.2
    wait 2                                     | #1 slice 3: 0 of 0.25
    bob buy BTC 0.25 @ 50000                   | #2 rests 0.25
    bob buy BTC 0.25 @ 50000                   | #3 rests 0.25
    bob buy BTC 0.25 @ 50000                   | #4 rests 0.25
    # Of the 0.4 that are due.
    wait 2                                     | #1 sells 0.25 at 50000 from #2 ; #2 filled ; #1 slice 4: 0.25 of 0.25
    wait 2                                     | #1 sells 0.25 at 50000 from #3 ; #3 filled ; #1 slice 5: 0.25 of 0.25
    wait 2                                     | #1 sells 0.1 at 50000 from #4 ; #1 slice 6: 0.1 of 0.1 ; #1 filled
    `,
    { maxOrderLots: 250 },
  );
});

test('each slice stops at the slippage cap and steps over own orders', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann sell BTC 1 @ 50000                     | #1 rests 1
    bob sell BTC 0.1 @ 52500                   | #2 rests 0.1
    bob sell BTC 1 @ 52501                     | #3 rests 1
    ann twap buy BTC 1 for 10 in 2             | #4 runs ; #1 selfTrade 1 ; #4 buys 0.1 at 52500 from #2 ; #2 filled ; #4 slice 1: 0.1 of 0.5
    ann cancel #4                              | #4 cancelledByOwner 0.9
    wait 10                                    | mark 50625
  `);
});

test('a slice that is refused does not end the order', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann twap buy BTC 0.4 for 12 in 4           | #1 runs ; #1 slice 1: 0 of 0.1
    status BTC halted                          | market 1 halted
    wait 4                                     | #1 slice 2: 0 of 0.2 MARKET_HALTED
    status BTC postOnly                        | market 1 postOnly
    wait 4                                     | #1 slice 3: 0 of 0.3 MARKET_POST_ONLY
    status BTC open                            | market 1 open
    # Its index is 12 seconds old by then.
    wait 4                                     | #1 slice 4: 0 of 0.3 MARKET_PRICE_UNAVAILABLE ; #1 twapEnded 0.4
  `);
});

test('a slice has the margin check of any order; a reduce-only one is cut to the position', () => {
  scenario(`
    deposit ann 1000                           |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    bob sell BTC 5 @ 50000                     | #1 rests 5
    ann twap buy BTC 1 for 10 in 2             | #2 runs ; #2 slice 1: 0 of 0.5 INSUFFICIENT_MARGIN
    ann cancel #2                              | #2 cancelledByOwner 1
    ann buy BTC 0.15 @ 50000                   | #3 buys 0.15 at 50000 from #1 ; #3 filled
    bob cancel #1                              | #1 cancelledByOwner 4.85
    bob buy BTC 5 @ 50000                      | #4 rests 5
    ann twap sell BTC 0.2 for 10 in 2 reduceOnly | #5 runs ; #5 sells 0.1 at 50000 from #4 ; #5 slice 1: 0.1 of 0.1
    wait 10                                    | #5 sells 0.05 at 50000 from #4 ; #5 slice 2: 0.05 of 0.1 ; #5 twapEnded 0.05
    ann twap sell BTC 0.2 for 10 in 2 reduceOnly | #6 runs ; #6 slice 1: 0 of 0.1 REDUCE_ONLY_WOULD_INCREASE
  `);
});

test('schedules that make no sense are refused, and a TWAP order cannot be amended', () => {
  scenario(`
    deposit ann 100000                            |
    ann twap buy BTC 1 for 60 in 3                | refused MARKET_PRICE_UNAVAILABLE
    index BTC 50000                               | mark 50000
    ann twap buy XRP 1 for 60 in 3                | refused MARKET_UNKNOWN
    ann twap buy BTC 0 for 60 in 3                | refused SIZE_OUT_OF_RANGE
    ann twap buy BTC 100.001 for 60 in 3          | refused SIZE_OUT_OF_RANGE
    ann twap buy BTC 0.002 for 60 in 3            | refused NOTIONAL_TOO_SMALL
    ann twap buy BTC 0.002 for 60 in 3 reduceOnly | refused SCHEDULE_INVALID
    ann twap buy BTC 1 for 9.999 in 3             | refused SCHEDULE_INVALID
    ann twap buy BTC 1 for 604801 in 3            | refused SCHEDULE_INVALID
    ann twap buy BTC 1 for 60 in 1                | refused SCHEDULE_INVALID
    ann twap buy BTC 1 for 60 in 2.5              | refused SCHEDULE_INVALID
    ann twap buy BTC 1 for 10 in 12               | refused SCHEDULE_INVALID
    ann twap buy BTC 1 for 60 in 3 name ${'x'.repeat(37)} | refused CLIENT_ORDER_ID_INVALID
    ann twap buy BTC 1 for 10 in 11 name slow     | #1 runs ; #1 slice 1: 0 of 0.09
    ann twap buy BTC 1 for 10 in 11 name slow     | duplicate of #1
    ann amend #1 @ 50000 size 2                   | refused ORDER_NOT_AMENDABLE
    ann cancel name slow                          | #1 cancelledByOwner 1
    ann twap buy BTC 1 for 10 in 11 name slow     | duplicate of #1
  `);
});

test('sixty-four orders have their slices with one command, by the time they are due and then by id; the rest with the next', () => {
  const exchange = scenario(`
    deposit ann 1000000                        |
    index BTC 50000                            | mark 50000
  `);
  // The even ones have three slices in ten seconds, the odd ones two.
  for (let placed = 0; placed < 140; placed += 1) {
    exchange.run(twapOf(exchange.auth('ann'), 2 + (placed % 2)));
  }
  const turns = [exchange.wait(10_000), exchange.wait(0), exchange.wait(0), exchange.wait(0)].map(slicesIn);
  const even = Array.from({ length: 70 }, (_, place) => 2 * place + 2);
  const odd = even.map((orderId) => orderId - 1);
  expect(turns.map(({ length }) => length)).toEqual([64, 64, 12, 0]);
  expect(turns.flat()).toEqual([...even, ...odd]);
});

test('orders that were cancelled leave no trail of entries behind, and the others have their slices', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
    ann twap buy BTC 1 for 10 in 2             | #1 runs ; #1 slice 1: 0 of 0.5
  `);
  for (let orderId = 2; orderId <= 500; orderId += 1) {
    exchange.run(twapOf(exchange.auth('ann'), 2));
    const auth = exchange.auth('ann');
    exchange.run({ kind: 'cancelOrder', auth, orderId: toOrderId(orderId), clientOrderId: '' });
  }
  expect(exchange.state.slices.ids.length).toBeLessThanOrEqual(70);
  expect(slicesIn(exchange.wait(10_000))).toEqual([1]);
});

test('each counts as one open order', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
  `);
  for (let placed = 0; placed < 200; placed += 1) {
    expect(exchange.run(twapOf(exchange.auth('ann'), 2)).at(-1)?.kind).toBe('twapSlice');
  }
  const events = exchange.run(twapOf(exchange.auth('ann'), 2));
  expect(events).toEqual([{ kind: 'commandRejected', code: REJECT_CODES.TOO_MANY_OPEN_ORDERS, accountId: 1 }]);
});

test('a stranger cannot place one', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
  `);
  const events = exchange.run(twapOf(exchange.auth('ann', { signer: exchange.address('bob') }), 2));
  expect(events).toEqual([{ kind: 'commandRejected', code: REJECT_CODES.SIGNER_NOT_AUTHORIZED, accountId: 1 }]);
});

function twapOf(auth: Authorization, slices: number): Command {
  return {
    kind: 'placeTwap',
    auth,
    marketId: toMarketId(1),
    side: 'buy',
    sizeLots: 1_000,
    reduceOnly: false,
    clientOrderId: '',
    durationMs: 10_000,
    slices,
  };
}

function slicesIn(events: readonly Event[]): number[] {
  return events.flatMap((event) => (event.kind === 'twapSlice' ? [event.orderId] : []));
}
