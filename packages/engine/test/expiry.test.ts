import { toMarketId, toOrderId } from '@keel/types';
import { expect, test } from 'vitest';
import { readOpenOrderCount } from '../src/index.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';

test('a gtt order goes when its time comes, not a moment before, wherever it is', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 49000 gtt 0                | refused EXPIRY_INVALID
    ann buy BTC 1 @ 49000 gtt -1               | refused EXPIRY_INVALID
    ann buy BTC 1 market gtt 5                 | refused ORDER_FLAGS_CONFLICT
    ann buy BTC 1 @ 49000 gtt 5                | #1 rests 1
    ann buy BTC 1 @ 49100 gtt 0.001            | #2 rests 1
    ann buy BTC 1 @ 52000 stop 51000 gtt 5     | #3 waits for 51000
    wait 1                                     | #2 expired 1
    bob sell BTC 0.4 @ 49000                   | #4 sells 0.4 at 49000 from #1 ; #4 filled
    # By time, then by id.
    ann buy BTC 0.1 @ 48000 gtt 4              | #5 rests 0.1
    wait 3                                     | mark 49909
    # They are gone before the mark looks at the book.
    wait 1                                     | #1 expired 0.6 ; #3 expired 1 ; #5 expired 0.1 ; mark 50000
    book BTC                                   | bids - asks -
  `);
});

test('an expiry stays with the order through amendments, and a cancelled order has none', () => {
  scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 49000 gtt 5                | #1 rests 1
    ann buy BTC 1 @ 49000 gtt 5                | #2 rests 1
    ann amend #1 @ 49100 size 1                | #1 now 1 at 49100, goes behind ; #1 rests 1
    ann amend #1 @ 49000 size 1                | #1 now 1 at 49000, goes behind ; #1 rests 1
    ann cancel #2                              | #2 cancelledByOwner 1
    wait 5                                     | #1 expired 1
    wait 5                                     |
  `);
});

test('one order of a pair that expires takes the other with it', () => {
  scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
    ann oco sell BTC 1 @ 52000 gtt 5 / sell BTC 1 market stop 49000 | #1 rests 1 ; item 0 #1 ; #2 waits for 49000 ; item 1 #2
    wait 5                                     | #1 expired 1 ; #2 linkedOrder 1
  `);
});

test('more than a thousand at once: the rest with the next command, and none of them trades in between', () => {
  const owners = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'];
  const exchange = scenario(`
    deposit gus 100000000                      |
    index BTC 50000                            | mark 50000
  `);
  for (const owner of owners) {
    exchange.deposit(owner, 10_000_000);
    for (let placed = 0; placed < 200; placed += 1) {
      exchange.run({
        kind: 'placeOrder',
        auth: exchange.auth(owner),
        ...PLAIN,
        marketId: toMarketId(1),
        side: 'buy',
        priceTicks: 49_000,
        sizeLots: 1,
        timeInForce: 'gtt',
        expiresAtMs: exchange.timeMs + 1_000,
      });
    }
  }
  const closed = (events: readonly { kind: string }[]) =>
    events.filter((event) => 'reason' in event && event.reason === 'expired').length;
  expect(closed(exchange.wait(1_000))).toBe(1_000);
  expect(readOpenOrderCount(exchange.state)).toBe(200);
  // Time stands still. The rest goes first, so the seller meets nobody.
  const auth = exchange.auth('gus');
  const events = exchange.run({
    kind: 'placeOrder',
    auth,
    ...PLAIN,
    marketId: toMarketId(1),
    side: 'sell',
    priceTicks: 49_000,
    sizeLots: 10,
  });
  expect(closed(events)).toBe(200);
  expect(events.some(({ kind }) => kind === 'orderFilled')).toBe(false);
  expect(readOpenOrderCount(exchange.state)).toBe(1);
});

test('an order that is amended over and over leaves no trail of entries behind, and takes none from others', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 49000 gtt 3600             | #1 rests 1
    ann buy BTC 1 @ 40000 gtt 5                | #2 rests 1
  `);
  for (let turn = 0; turn < 1_000; turn += 1) {
    exchange.run({
      kind: 'amendOrder',
      auth: exchange.auth('ann'),
      orderId: toOrderId(1),
      clientOrderId: '',
      marketId: toMarketId(1),
      priceTicks: 49_000 + (turn % 2) + 1,
      sizeLots: 1_000,
    });
  }
  expect(exchange.state.expiries.ids.length).toBeLessThanOrEqual(100);
  const expired = (ms: number) =>
    exchange.wait(ms).flatMap((event) => (event.kind === 'orderClosed' ? [event.orderId] : []));
  expect([expired(5_000), expired(3_594_000), expired(1_000)]).toEqual([[2], [], [1]]);
});

test('an order whose time is over does not trade when its trigger is met before it could be cleared away', () => {
  const exchange = scenario(`
    deposit gus 100000                         |
    deposit hal 100000                         |
    index BTC 50000                            | mark 50000
    hal sell BTC 1 @ 50100                     | #1 rests 1
  `);
  const expiresAtMs = exchange.timeMs + 1_000;
  const quote = {
    ...PLAIN,
    marketId: toMarketId(1),
    side: 'buy',
    sizeLots: 1,
    timeInForce: 'gtt',
    expiresAtMs,
  } as const;
  for (const owner of ['ann', 'bob', 'cat', 'dan', 'eve']) {
    exchange.deposit(owner, 10_000);
    const orders = Array.from({ length: 50 }, () => ({ ...quote, priceTicks: 49_000 }));
    for (let batch = 0; batch < 4; batch += 1) {
      exchange.run({ kind: 'placeOrders', auth: exchange.auth(owner), orders, grouping: 'none' });
    }
  }
  const trigger = { kind: 'stop', triggerTicks: 50_100, trailTicks: 0 } as const;
  exchange.run({ kind: 'placeOrder', auth: exchange.auth('gus'), ...quote, priceTicks: 50_100, trigger });
  exchange.timeMs = expiresAtMs;
  const events = exchange.index(1, 50_200).slice(1_000);
  expect(events.map(({ kind }) => kind)).toEqual([
    'indexPriceUpdated',
    'markPriceUpdated',
    'orderTriggered',
    'orderClosed',
  ]);
  expect(events[3]).toMatchObject({ orderId: 1_002, reason: 'expired', remainingLots: 1 });
});
