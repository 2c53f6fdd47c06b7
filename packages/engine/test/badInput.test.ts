import { type Event, toMarketId, toOrderId } from '@keel/types';
import { expect, test } from 'vitest';
import { readOpenOrderCount, readOrder } from '../src/index.ts';
import type { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';
import { commandOf } from './scenarioOrder.ts';

/** What a trader does by mistake or on purpose: each line is answered, and what was there before stays as it was. */
test('an order that is over, unknown or another account’s cannot be cancelled, by id or by name', () => {
  scenario(`
    deposit ann 100000                      |
    deposit bob 100000                      |
    index BTC 50000                         | mark 50000
    ann sell BTC 1 @ 50000 name a           | #1 rests 1
    ann sell BTC 1 @ 51000 name b           | #2 rests 1
    bob buy BTC 1 @ 50000                   | #3 buys 1 at 50000 from #1 ; #1 filled ; #3 filled
    # Filled as a maker, filled as a taker, cancelled before, never there, with a name of nobody, with no name at all.
    ann cancel #1                           | refused ORDER_UNKNOWN
    ann cancel name a                       | refused ORDER_UNKNOWN
    bob cancel #3                           | refused ORDER_UNKNOWN
    ann cancel #4                           | refused ORDER_UNKNOWN
    ann cancel #9007199254740991            | refused ORDER_UNKNOWN
    ann cancel #0                           | refused ORDER_UNKNOWN
    ann cancel name                         | refused ORDER_UNKNOWN
    # Another account's: by id it is told, by name there is no such thing.
    bob cancel #2                           | refused ORDER_NOT_YOURS
    bob cancel name b                       | refused ORDER_UNKNOWN
    ann cancels #1 #2 #2                    | item 0 ORDER_UNKNOWN ; #2 cancelledByOwner 1 ; item 1 #2 ; item 2 ORDER_UNKNOWN
    ann cancel #2                           | refused ORDER_UNKNOWN
    # A waiting order, and one in slices.
    ann buy BTC 1 market stop 60000         | #4 waits for 60000
    ann twap buy BTC 0.3 for 60 in 3        | #5 runs ; #5 slice 1: 0 of 0.1
    bob cancels #4 #5                       | item 0 ORDER_NOT_YOURS ; item 1 ORDER_NOT_YOURS
    ann cancels #5 #4                       | #5 cancelledByOwner 0.3 ; item 0 #5 ; #4 cancelledByOwner 1 ; item 1 #4
    ann cancels #5 #4                       | item 0 ORDER_UNKNOWN ; item 1 ORDER_UNKNOWN
    book BTC                                | bids - asks -
  `);
});

test('an amendment of what is over, foreign or of another market is refused, whatever its figures', () => {
  scenario(`
    deposit ann 100000                      |
    deposit bob 100000                      |
    index BTC 50000                         | mark 50000
    index ETH 3000                          | mark 3000
    ann sell BTC 1 @ 50000 name a           | #1 rests 1
    ann sell BTC 1 @ 51000 name b           | #2 rests 1
    bob buy BTC 1 @ 50000                   | #3 buys 1 at 50000 from #1 ; #1 filled ; #3 filled
    ann amend #1 @ 50000 size 1             | refused ORDER_UNKNOWN
    ann amend name a @ 50000 size 1         | refused ORDER_UNKNOWN
    bob amend #2 @ 51000 size 0.5           | refused ORDER_NOT_YOURS
    bob amend #2 @ 0 size 0                 | refused ORDER_NOT_YOURS
    bob amend name b @ 51000 size 0.5       | refused ORDER_UNKNOWN
    ann amend #2 ETH @ 51000 size 0.5       | refused ORDER_UNKNOWN
    ann replace #1 sell BTC 1 @ 52000       | refused ORDER_UNKNOWN
    bob replace #2 sell BTC 1 @ 52000       | refused ORDER_NOT_YOURS
    book BTC                                | bids - asks 1@51000
  `);
});

test('an order cannot be amended to nothing, to less than has traded, or to terms that no order may have', () => {
  scenario(`
    deposit ann 100000                      |
    deposit bob 100000                      |
    index BTC 50000                         | mark 50000
    ann sell BTC 1 @ 50000                  | #1 rests 1
    bob buy BTC 0.4 @ 50000                 | #2 buys 0.4 at 50000 from #1 ; #2 filled
    ann amend #1 @ 50000 size 0             | refused SIZE_OUT_OF_RANGE
    ann amend #1 @ 0 size 1                 | refused PRICE_OUT_OF_RANGE
    ann amend #1 @ 1000001 size 1           | refused PRICE_OUT_OF_RANGE
    ann amend #1 @ 50000 size 100.001       | refused SIZE_OUT_OF_RANGE
    ann amend #1 @ 50000 size 0.399         | refused AMEND_SIZE_TOO_SMALL
    ann amend #1 @ 50000 size 0.4           | refused AMEND_SIZE_TOO_SMALL
    ann amend #1 @ 4999 size 1              | refused PRICE_OUTSIDE_BAND
    ann amend #1 @ 95001 size 1             | refused PRICE_OUTSIDE_BAND
    ann amend #1 @ 50000 size 100           | refused INSUFFICIENT_MARGIN
    book BTC                                | bids - asks 0.6@50000
    # One lot more than has traded is an order; moved it is worth 9 USDC, 1 less than the smallest.
    ann amend #1 @ 50000 size 0.401         | #1 now 0.001 at 50000, keeps its place
    ann amend #1 @ 9000 size 0.401          | refused NOTIONAL_TOO_SMALL
    book BTC                                | bids - asks 0.001@50000
    ann twap buy BTC 0.3 for 60 in 3        | #3 runs ; #1 selfTrade 0.001 ; #3 slice 1: 0 of 0.1
    ann amend #3 @ 50000 size 0.3           | refused ORDER_NOT_AMENDABLE
    ann amend #3 @ 0 size 0                 | refused ORDER_NOT_AMENDABLE
  `);
});

test('an order amended to where it crosses trades as a taker under its old id; a post-only one never does', () => {
  scenario(`
    deposit ann 100000                      |
    deposit bob 100000                      |
    index BTC 50000                         | mark 50000
    ann buy BTC 1 @ 49000                   | #1 rests 1
    ann buy BTC 1 @ 49000 postOnly          | #2 rests 1
    ann buy BTC 1 @ 49000 slide             | #3 rests 1
    bob sell BTC 0.4 @ 50000                | #4 rests 0.4
    ann amend #2 @ 50000 size 1             | refused POST_ONLY_WOULD_CROSS
    book BTC                                | bids 3@49000 asks 0.4@50000
    ann amend #3 @ 50001 size 1             | #3 now 1 at 49999, goes behind ; #3 rests 1
    ann amend #1 @ 50001 size 1             | #1 now 1 at 50001, goes behind ; #1 buys 0.4 at 50000 from #4 ; #4 filled ; #1 rests 0.6
    book BTC                                | bids 0.6@50001 1@49999 1@49000 asks -
    fees                                    | fees 14
    # Larger than all that is there: it trades to the end and is over.
    bob sell BTC 5 @ 50002                  | #5 rests 5
    ann amend #1 @ 50002 size 1             | #1 now 0.6 at 50002, goes behind ; #1 buys 0.6 at 50002 from #5 ; #1 filled
    ann amend #1 @ 50002 size 2             | refused ORDER_UNKNOWN
  `);
});

test('a name is good once, of what became an order; ids are never given again', () => {
  scenario(`
    deposit ann 100000                      |
    deposit bob 100000                      |
    index BTC 50000                         | mark 50000
    # A refused order leaves its name free.
    ann buy BTC 0 @ 49000 name a            | refused SIZE_OUT_OF_RANGE
    ann buy BTC 100 @ 49000 name a          | refused INSUFFICIENT_MARGIN
    ann buy BTC 1 @ 49000 name a            | #1 rests 1
    # Whatever else is asked under that name, also nonsense and in another market, is the first order again.
    ann buy BTC 1 @ 49000 name a            | duplicate of #1
    ann sell ETH 0 @ 0 name a               | duplicate of #1
    ann twap buy BTC 1 for 1 in 1 name a    | duplicate of #1
    ann batch buy BTC 1 @ 49000 name a / buy BTC 1 @ 49000 name b / buy BTC 1 @ 49000 name b | duplicate of #1 ; item 0 #1 ; #2 rests 1 ; item 1 #2 ; duplicate of #2 ; item 2 #2
    ann oco buy BTC 1 @ 48000 name c / sell BTC 1 @ 52000 name c | refused GROUPING_INVALID
    ann oco buy BTC 1 @ 48000 name c / sell BTC 1 @ 52000 name a | duplicate of #1
    # Names are each account's own, and stay when the order is over.
    bob buy BTC 1 @ 49000 name a            | #3 rests 1
    ann cancel name a                       | #1 cancelledByOwner 1
    ann buy BTC 1 @ 49000 name a            | duplicate of #1
    ann cancel name a                       | refused ORDER_UNKNOWN
    ann replace #2 buy BTC 1 @ 48000 name a | duplicate of #1
    ann replace #2 buy BTC 1 @ 48000 name b | #2 replaced 1 ; #4 rests 1
    ann replace #2 buy BTC 1 @ 48000 name b | duplicate of #4
    ann cancel name b                       | #4 cancelledByOwner 1
    bob cancelAll                           | #3 cancelledByOwner 1
    ann buy BTC 1 @ 49000                   | #5 rests 1
    book BTC                                | bids 1@49000 asks -
  `);
});

test('an end in the past, now, or where none belongs is refused; one millisecond ahead is taken and kept', () => {
  scenario(`
    deposit ann 100000                      |
    index BTC 50000                         | mark 50000
    ann buy BTC 1 @ 49000 gtt -1            | refused EXPIRY_INVALID
    ann buy BTC 1 @ 49000 gtt -0.001        | refused EXPIRY_INVALID
    ann buy BTC 1 @ 49000 gtt 0             | refused EXPIRY_INVALID
    ann buy BTC 1 @ 49000 gtt 0.001         | #1 rests 1
    ann batch buy BTC 1 @ 49000 gtt 0 / buy BTC 1 @ 48000 gtt 0.001 | item 0 EXPIRY_INVALID ; #2 rests 1 ; item 1 #2
    # It has no other end by being amended or replaced.
    ann replace #1 buy BTC 1 @ 49000 gtt 0  | refused EXPIRY_INVALID
    ann amend #1 @ 49500 size 1             | #1 now 1 at 49500, goes behind ; #1 rests 1
    wait 0.001                              | #1 expired 1 ; #2 expired 1
    ann amend #1 @ 49500 size 1             | refused ORDER_UNKNOWN
  `);
  const exchange = scenario(`
    deposit ann 100000                      |
    index BTC 50000                         | mark 50000
  `);
  const gtc = { kind: 'placeOrder', ...PLAIN, marketId: toMarketId(1), side: 'buy', priceTicks: 49_000 } as const;
  const expiresAtMs = exchange.timeMs + 1_000;
  expect(exchange.run({ ...gtc, auth: exchange.auth('ann'), sizeLots: 1_000, expiresAtMs })).toMatchObject([
    { kind: 'commandRejected', code: 207 },
  ]);
});

/** 1 BTC of bob behind 1 BTC of ann's own; she asks for 1 or for 2, all or nothing. */
test.for([
  ['expireMaker', '1', '#3 buys 1 at 50000 from #2 ; #2 filled ; #3 filled', '#1 selfTrade 1 ; '],
  ['expireMaker', '2', 'refused FILL_OR_KILL_UNFILLABLE', ''],
  ['expireTaker', '1', 'refused FILL_OR_KILL_UNFILLABLE', ''],
  ['expireBoth', '1', 'refused FILL_OR_KILL_UNFILLABLE', ''],
  ['decrement', '1', 'refused FILL_OR_KILL_UNFILLABLE', ''],
  ['decrement', '2', 'refused FILL_OR_KILL_UNFILLABLE', ''],
] as const)('a fill-or-kill order that would meet its own under %s for %s', ([rule, size, outcome, own]) => {
  scenario(`
    deposit ann 100000                           |
    deposit bob 100000                           |
    index BTC 50000                              | mark 50000
    ann sell BTC 1 @ 50000                       | #1 rests 1
    bob sell BTC 1 @ 50000                       | #2 rests 1
    ann buy BTC ${size} @ 50000 fok stp ${rule}  | ${own}${outcome}
    # A refusal touches neither side, and the same order at a price where it meets nobody is refused too.
    book BTC                                     | bids - asks ${outcome.startsWith('refused') ? '2@50000' : '-'}
    ann buy BTC 1 @ 49999 fok stp ${rule}        | refused FILL_OR_KILL_UNFILLABLE
  `);
});

test('what comes before an own order counts, what comes behind it only under expireMaker', () => {
  const before = `
    deposit ann 100000                           |
    deposit bob 100000                           |
    index BTC 50000                              | mark 50000
    bob sell BTC 1 @ 50000                       | #1 rests 1
    ann sell BTC 1 @ 50001                       | #2 rests 1
    bob sell BTC 1 @ 50002                       | #3 rests 1`;
  for (const rule of ['expireTaker', 'expireBoth', 'decrement']) {
    scenario(`${before}
      ann buy BTC 1.001 @ 50002 fok stp ${rule}  | refused FILL_OR_KILL_UNFILLABLE
      ann buy BTC 1 @ 50002 fok stp ${rule}      | #4 buys 1 at 50000 from #1 ; #1 filled ; #4 filled
      book BTC                                   | bids - asks 1@50001 1@50002`);
  }
  scenario(`${before}
    ann buy BTC 2 @ 50002 fok                    | #4 buys 1 at 50000 from #1 ; #1 filled ; #2 selfTrade 1 ; #4 buys 1 at 50002 from #3 ; #3 filled ; #4 filled
    book BTC                                     | bids - asks -`);
});

test('stops do not set each other off: their trades move the last price, and only a mark fires', () => {
  scenario(`
    deposit ann 100000                      |
    deposit bob 1000000                     |
    deposit cat 100000                      |
    index BTC 50000                         | mark 50000
    bob buy BTC 1 @ 49500                   | #1 rests 1
    bob buy BTC 1 @ 48000                   | #2 rests 1
    bob buy BTC 9 @ 47000                   | #3 rests 9
    ann sell BTC 2 @ 47000 stop 49000       | #4 waits for 49000
    cat sell BTC 1 @ 46000 stop 48900       | #5 waits for 48900
    cat sell BTC 1 @ 46000 stop 48000       | #6 waits for 48000
    # Ann's stop sells down to 48,000, below the triggers of cat, whose orders go on waiting: mark is 49,000 still.
    index BTC 49000                         | mark 49000 ; #4 fires at 49000 ; #4 sells 1 at 49500 from #1 ; #1 filled ; #4 sells 1 at 48000 from #2 ; #2 filled ; #4 filled
    ann buy BTC 0.001 @ 40000               | #7 rests 0.001
    ann cancel #7                           | #7 cancelledByOwner 0.001
    # A tick below the index: in a millisecond the average distance of bid, ask and last moved by less than one.
    index BTC 48902                         | mark 48901
    index BTC 48901                         | mark 48900 ; #5 fires at 48900 ; #5 sells 1 at 47000 from #3 ; #5 filled
    # However deep that one sold: the last waits for a mark of its own.
    index BTC 48002                         | mark 48001
    index BTC 48001                         | mark 48000 ; #6 fires at 48000 ; #6 sells 1 at 47000 from #3 ; #6 filled
  `);
});

test('200 stops met by one mark: 64 a step, none lost, none twice, and they can be cancelled meanwhile', () => {
  const exchange = scenario(`
    deposit ann 10000000                    |
    deposit bob 10000000                    |
    index BTC 50000                         | mark 50000
    bob buy BTC 50 @ 48000                  | #1 rests 50
  `);
  for (let i = 0; i < 200; i += 1) ask(exchange, 'sell BTC 0.01 market stop 49000');
  expect(ask(exchange, 'sell BTC 0.01 market stop 49000')).toMatchObject([{ code: 302 }]);
  const fired: number[] = [];
  const note = (events: readonly Event[]) => {
    const ids = events.flatMap((event) => (event.kind === 'orderTriggered' ? [event.orderId] : []));
    fired.push(...ids);
    return ids.length;
  };
  // The step after the command that moved the mark; the next command has one before and one after it.
  expect(note(exchange.index(1, 49_000))).toBe(64);
  expect(readOpenOrderCount(exchange.state)).toBe(1 + 200 - 64);
  expect(readOrder(exchange.state, toOrderId(201)), 'the last still waits').toMatchObject({ state: 'waiting' });
  const events = ask(exchange, 'cancels #201 #200 #66');
  expect(note(events)).toBe(128);
  // #66 had its turn in the step before the cancellation, the other two had not.
  expect(events.filter(({ kind }) => kind === 'batchItem')).toMatchObject([{ code: 0 }, { code: 0 }, { code: 400 }]);
  expect(note(exchange.wait(1))).toBe(6);
  expect(note(exchange.wait(1))).toBe(0);
  expect(fired).toEqual(Array.from({ length: 198 }, (_, place) => place + 2));
  expect(readOrder(exchange.state, toOrderId(1))).toMatchObject({ remainingLots: 50_000 - 198 * 10 });
});

function ask(exchange: Exchange, words: string): Event[] {
  const [verb = '', ...rest] = words.split(' ');
  return exchange.run(commandOf(exchange, exchange.auth('ann'), verb, rest));
}
