import {
  type Command,
  type Event,
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  REJECT_CODES,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { expect, test } from 'vitest';
import { readOpenOrderCount, readOrder } from '../src/index.ts';
import type { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';
import { commandOf } from './scenarioOrder.ts';

test('each kind of trigger fires on its side of mark, not a tick before', () => {
  scenario(`
    deposit ann 100000                        |
    index BTC 50000                           | mark 50000
    ann buy BTC 1 market stop 51000           | #1 waits for 51000
    ann sell BTC 1 market takeProfit 51000    | #2 waits for 51000
    ann sell BTC 1 market stop 49000          | #3 waits for 49000
    ann buy BTC 1 market takeProfit 49000     | #4 waits for 49000
    index BTC 50999                           | mark 50999
    # Nothing rests, so a market order that fires finds nobody. Of one mark the lower id comes first.
    index BTC 51000                           | mark 51000 ; #1 fires at 51000 ; #1 immediateRemainder 1 ; #2 fires at 51000 ; #2 immediateRemainder 1
    index BTC 49001                           | mark 49001
    index BTC 48000                           | mark 48000 ; #3 fires at 48000 ; #3 immediateRemainder 1 ; #4 fires at 48000 ; #4 immediateRemainder 1
  `);
});

test('an order that fires works like one that has just come: it trades, rests, or is refused', () => {
  scenario(`
    deposit ann 6000                          |
    deposit bob 100000                        |
    index BTC 50000                           | mark 50000
    bob sell BTC 1 @ 51100                    | #1 rests 1
    ann buy BTC 0.5 @ 51200 stop 51000        | #2 waits for 51000
    ann buy BTC 1 @ 49500 stop 51000 postOnly | #3 waits for 51000
    ann buy BTC 9 @ 50500 stop 51000          | #4 waits for 51000
    ann sell BTC 1 market stop 51000          | refused TRIGGER_ALREADY_MET
    # Waiting orders need no margin; when they fire they do: 10 % of 0.5 BTC, then of another 1 BTC are more than 6,000.
    index BTC 51000                           | mark 51000 ; #2 fires at 51000 ; #2 buys 0.5 at 51100 from #1 ; #2 filled ; #3 fires at 51000 ; #3 triggerRefused INSUFFICIENT_MARGIN 1 ; #4 fires at 51000 ; #4 triggerRefused INSUFFICIENT_MARGIN 9
    book BTC                                  | bids - asks 0.5@51100
  `);
});

test('when it fires a market order has its slippage cap, and an order that only rests slides or is refused', () => {
  scenario(`
    deposit ann 100000                        |
    deposit bob 100000                        |
    index BTC 50000                           | mark 50000
    bob sell BTC 0.1 @ 53550                  | #1 rests 0.1
    bob sell BTC 0.1 @ 53551                  | #2 rests 0.1
    bob buy BTC 0.1 @ 45000                   | #3 rests 0.1
    # 5 % above the mark that fires it, 51,000: 53,550.
    ann buy BTC 1 market stop 51000           | #4 waits for 51000
    ann buy BTC 0.1 @ 53560 stop 51000 slide  | #5 waits for 51000
    ann buy BTC 0.1 @ 53560 stop 51000 postOnly | #6 waits for 51000
    ann sell BTC 0.1 @ 44000 stop 49000       | #7 waits for 49000
    index BTC 51000                           | mark 51000 ; #4 fires at 51000 ; #4 buys 0.1 at 53550 from #1 ; #1 filled ; #4 immediateRemainder 0.9 ; #5 fires at 51000 ; #5 rests 0.1 ; #6 fires at 51000 ; #6 triggerRefused POST_ONLY_WOULD_CROSS 0.1
    book BTC                                  | bids 0.1@53550 0.1@45000 asks 0.1@53551
    status BTC cancelOnly                     | market 1 cancelOnly
    bob cancelAll                             | #2 cancelledByOwner 0.1 ; #3 cancelledByOwner 0.1
    ann cancel #5                             | #5 cancelledByOwner 0.1
    index BTC 48990                           | mark 48990 ; #7 fires at 48990 ; #7 triggerRefused MARKET_CANCEL_ONLY 0.1
  `);
});

test('an order whose condition holds when it is placed is refused; one that waits may be changed or cancelled', () => {
  scenario(`
    deposit ann 100000                        |
    ann buy BTC 1 market stop 51000           | refused MARKET_PRICE_UNAVAILABLE
    index BTC 50000                           | mark 50000
    ann buy BTC 1 market stop 50000           | refused TRIGGER_ALREADY_MET
    ann buy BTC 1 market takeProfit 50000     | refused TRIGGER_ALREADY_MET
    ann sell BTC 1 market stop 50000          | refused TRIGGER_ALREADY_MET
    ann sell BTC 1 market takeProfit 50000    | refused TRIGGER_ALREADY_MET
    ann buy BTC 1 market stop 0               | refused TRIGGER_INVALID
    ann buy BTC 1 market stop 1000001         | refused TRIGGER_INVALID
    ann buy BTC 1 market trail 0              | refused TRIGGER_INVALID
    ann buy BTC 1 market stop 1000000         | #1 waits for 1000000
    ann buy BTC 1 @ 50500 stop 51000 name x   | #2 waits for 51000
    ann amend #2 @ 50400 size 2               | #2 now 2 at 50400, keeps its place
    ann buy BTC 1 @ 50500 name x              | duplicate of #2
    ann cancel #1                             | #1 cancelledByOwner 1
    index BTC 51000                           | mark 51000 ; #2 fires at 51000 ; #2 rests 2
    book BTC                                  | bids 2@50400 asks -
  `);
});

test('a trailing stop follows the best mark and never goes back', () => {
  scenario(`
    deposit ann 100000                        |
    index BTC 50000                           | mark 50000
    ann sell BTC 1 market trail 1000          | #1 waits for 49000
    ann buy BTC 1 market trail 1000           | #2 waits for 51000
    index BTC 50900                           | mark 50900
    # Best for the sell 50,900: fires at 49,900. For the buy still 50,000.
    index BTC 49901                           | mark 49901
    index BTC 49900                           | mark 49900 ; #1 fires at 49900 ; #1 immediateRemainder 1
    # The buy has seen 49,900: fires at 50,900.
    index BTC 50899                           | mark 50899
    index BTC 50900                           | mark 50900 ; #2 fires at 50900 ; #2 immediateRemainder 1
    # The trigger shown stays within the market's prices.
    ann sell BTC 1 market trail 60000         | #3 waits for 1
    ann buy BTC 1 market trail 960000         | #4 waits for 1000000
  `);
});

test('reduce-only is looked at when it fires: it is cut to the position, or refused without one', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann sell BTC 2 market stop 49000 reduceOnly | #1 waits for 49000
    ann sell BTC 2 @ 49500 stop 49000 reduceOnly | #2 waits for 49000
    bob sell BTC 1 @ 50000                     | #3 rests 1
    ann buy BTC 1 @ 50000                      | #4 buys 1 at 50000 from #3 ; #3 filled ; #4 filled
    bob buy BTC 0.4 @ 49000                    | #5 rests 0.4
    # 2 are cut to 1; 0.4 find a buyer. 0.6 are left of the position for the second.
    index BTC 49000                            | mark 49000 ; #1 fires at 49000 ; #1 sells 0.4 at 49000 from #5 ; #5 filled ; #1 immediateRemainder 0.6 ; #2 fires at 49000 ; #2 rests 0.6
    ann buy BTC 1 market stop 51000 reduceOnly | #6 waits for 51000
    index BTC 51001                            | mark 51000 ; #6 fires at 51000 ; #6 triggerRefused REDUCE_ONLY_WOULD_INCREASE 1
  `);
  // What was cut off was never open: nothing of the order has traded.
  expect(readOrder(exchange.state, toOrderId(2))).toMatchObject({ sizeLots: 600, remainingLots: 600, shownLots: 600 });
});

test('triggers cascade: what one order trades at moves the mark that fires the next', () => {
  scenario(`
    deposit ann 1000000                        |
    deposit bob 1000000                        |
    deposit cat 1000000                        |
    index BTC 50000                            | mark 50000
    bob buy BTC 3 @ 49000                      | #1 rests 3
    ann sell BTC 1 market stop 49990           | #2 waits for 49990
    ann sell BTC 1 market stop 49940           | #3 waits for 49940
    cat sell BTC 1 @ 49000                     | #4 sells 1 at 49000 from #1 ; #4 filled
    # Bid and last trade at 49,000: each second the mark's average comes a thirty-first of the way.
    wait 1                                     | mark 49967 ; #2 fires at 49967 ; #2 sells 1 at 49000 from #1 ; #2 filled
    wait 1                                     | mark 49936 ; #3 fires at 49936 ; #3 sells 1 at 49000 from #1 ; #1 filled ; #3 filled
  `);
});

test('of two linked orders the one that fires takes the other with it, even when it is refused then', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann oco sell BTC 1 @ 52000 / sell BTC 1 market stop 49000 | #1 rests 1 ; item 0 #1 ; #2 waits for 49000 ; item 1 #2
    index BTC 49000                            | mark 49000 ; #2 fires at 49000 ; #1 linkedOrder 1 ; #2 immediateRemainder 1
    ann oco sell BTC 1 @ 52000 / sell BTC 1 market stop 48000 reduceOnly | #3 rests 1 ; item 0 #3 ; #4 waits for 48000 ; item 1 #4
    index BTC 48000                            | mark 48000 ; #4 fires at 48000 ; #3 linkedOrder 1 ; #4 triggerRefused REDUCE_ONLY_WOULD_INCREASE 1
    ann oco sell BTC 1 @ 52000 / sell BTC 1 market stop 47000 | #5 rests 1 ; item 0 #5 ; #6 waits for 47000 ; item 1 #6
    ann cancel #6                              | #6 cancelledByOwner 1 ; #5 linkedOrder 1
    ann oco sell BTC 1 @ 52000 / sell BTC 1 market stop 47000 | #7 rests 1 ; item 0 #7 ; #8 waits for 47000 ; item 1 #8
    bob buy BTC 0.1 @ 52000                    | #9 buys 0.1 at 52000 from #7 ; #8 linkedOrder 1 ; #9 filled
    book BTC                                   | bids - asks 0.9@52000
  `);
});

test('what does not fit into one step fires with the next ones, in its turn', () => {
  const exchange = scenario(`
    deposit ann 1000000                        |
    deposit bob 1000000                        |
    index BTC 50000                            | mark 50000
  `);
  for (let placed = 0; placed < 150; placed += 1) place(exchange, 51_000 + (placed % 3));
  // 51,000 first, then all others together, each time by id: 1, 4, 7, ... and then 2, 3, 5, 6, ...
  const first = firedBy(exchange.index(1, 51_000));
  const rest = [exchange.index(1, 51_002), exchange.index(1, 51_003), exchange.index(1, 51_003)].map(firedBy);
  const byThirds = Array.from({ length: 150 }, (_, place) => place + 1).sort(
    (a, b) => Number(a % 3 !== 1) - Number(b % 3 !== 1) || a - b,
  );
  expect([first.length, ...rest.map((fired) => fired.length)]).toEqual([50, 64, 36, 0]);
  expect([...first, ...rest.flat()]).toEqual(byThirds);
  expect(readOpenOrderCount(exchange.state)).toBe(0);
});

test('a queued order that is cancelled before its turn does not fire', () => {
  const exchange = scenario(`
    deposit ann 1000000                        |
    index BTC 50000                            | mark 50000
  `);
  for (let placed = 0; placed < 130; placed += 1) place(exchange, 51_000);
  exchange.index(1, 51_000);
  expect(readOpenOrderCount(exchange.state)).toBe(66);
  // 64 have their turn before the cancel, and the one before the last after it.
  const auth = exchange.auth('ann');
  const events = exchange.run({ kind: 'cancelOrder', auth, orderId: toOrderId(130), clientOrderId: '' });
  expect(firedBy(events)).toEqual(Array.from({ length: 65 }, (_, turn) => 65 + turn));
  const reasons = events.flatMap((event) => (event.kind === 'orderClosed' ? [event.reason] : []));
  expect(reasons.slice(-2)).toEqual(['cancelledByOwner', 'immediateRemainder']);
  expect(readOpenOrderCount(exchange.state)).toBe(0);
});

test('triggers that were cancelled leave no trail of entries behind, and the others fire as they would', () => {
  const exchange = scenario(`
    deposit ann 1000000                        |
    index BTC 50000                            | mark 50000
  `);
  for (let number = 1; number <= 1_000; number += 1) {
    place(exchange, 51_000 + number);
    const auth = exchange.auth('ann');
    if (number % 100 === 0) continue;
    exchange.run({ kind: 'cancelOrder', auth, orderId: toOrderId(number), clientOrderId: '' });
  }
  expect(exchange.state.markets[0]!.firesAbove.ids.length).toBeLessThanOrEqual(2 * 10 + 65);
  for (let number = 100; number <= 1_000; number += 100) {
    expect(firedBy(exchange.index(1, 51_000 + number - 1))).toEqual([]);
    expect(firedBy(exchange.index(1, 51_000 + number))).toEqual([number]);
  }
});

test('a limit lies in the band around the trigger, where that is known beforehand', () => {
  scenario(
    `
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
    # 10 % of 51,000 is 5,100. How far the limit is from mark does not matter before the order fires.
    ann buy BTC 0.1 @ 56100 stop 51000         | #1 waits for 51000
    ann buy BTC 0.1 @ 56101 stop 51000         | refused PRICE_OUTSIDE_BAND
    ann buy BTC 0.1 @ 45899 stop 51000         | refused PRICE_OUTSIDE_BAND
    ann buy BTC 0.1 @ 56101 market stop 51000  | refused PRICE_OUTSIDE_BAND
    ann sell BTC 0.1 @ 50000 takeProfit 60000  | refused PRICE_OUTSIDE_BAND
    ann sell BTC 0.1 @ 66000 takeProfit 60000  | #2 waits for 60000
    ann sell BTC 0.1 market stop 20000         | #3 waits for 20000
    ann sell BTC 0.1 @ 30000 trail 1000        | #4 waits for 49000
    ann amend #1 @ 56101 size 0.1              | refused PRICE_OUTSIDE_BAND
    ann amend #1 @ 45900 size 0.2              | #1 now 0.2 at 45900, keeps its place
    ann amend #3 @ 22001 size 0.1              | refused PRICE_OUTSIDE_BAND
    ann amend #3 @ 22000 size 0.1              | #3 now 0.1 at 22000, keeps its place
    ann amend #4 @ 20000 size 0.1              | #4 now 0.1 at 20000, keeps its place
    `,
    { priceBandPpm: 100_000 },
  );
});

test('both orders of a pair need room among the open ones', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
  `);
  const pair = commandsOf(exchange, 'oco buy BTC 0.001 @ 45000 / sell BTC 0.001 @ 55000');
  for (let placed = 1; placed < OPEN_ORDERS_PER_ACCOUNT_MAX; placed += 1) {
    exchange.run(commandsOf(exchange, 'buy BTC 0.001 @ 40000')());
  }
  const events = exchange.run(pair());
  expect(events).toEqual([{ kind: 'commandRejected', code: REJECT_CODES.TOO_MANY_OPEN_ORDERS, accountId: 1 }]);
  exchange.run(commandsOf(exchange, 'cancel #1')());
  expect(exchange.run(pair()).at(-1)).toEqual({ kind: 'batchItem', item: 1, orderId: 201, code: 0 });
  expect(readOpenOrderCount(exchange.state)).toBe(OPEN_ORDERS_PER_ACCOUNT_MAX);
});

function place(exchange: Exchange, triggerTicks: number): void {
  exchange.run({
    kind: 'placeOrder',
    auth: exchange.auth('ann'),
    ...PLAIN,
    marketId: toMarketId(1),
    side: 'buy',
    orderType: 'market',
    priceTicks: 0,
    sizeLots: 1_000,
    trigger: { kind: 'stop', triggerTicks, trailTicks: 0 },
  });
}

function firedBy(events: readonly Event[]): number[] {
  return events.flatMap((event) => (event.kind === 'orderTriggered' ? [event.orderId] : []));
}

/** What ann asks for, each time signed anew. */
function commandsOf(exchange: Exchange, words: string): () => Command {
  const [verb = '', ...rest] = words.split(' ');
  return () => commandOf(exchange, exchange.auth('ann'), verb, rest);
}
