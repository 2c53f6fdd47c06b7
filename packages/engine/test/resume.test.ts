import { type Event, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readSnapshot, writeSnapshot } from '../src/index.ts';
import { Exchange, indexUpdate } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';
import { testMarket } from './testMarket.ts';

/** A minute of grace. A price may be a minute old, so that a table needs few of them. */
const GRACE = { resumeGraceMs: 60_000, indexStaleMs: 60_000 };

test('from a halt: a price, then cancels for 5 s, quotes for 10 s, everything, and liquidations after the grace', () => {
  scenario(
    `
    deposit ann 100000                        |
    deposit bob 100000                        |
    index BTC 50000                           | mark 50000
    ann buy BTC 1 @ 49000                     | #1 rests 1
    bob sell BTC 1 market stop 49500          | #2 waits for 49500
    status BTC halted                         | market 1 halted
    # An index in the halt moves nothing, and is no price of after it.
    index BTC 49400                           |
    status BTC open                           | market 1 resumes: awaitingPrice ; market 1 cancelOnly
    wait 20                                   |
    ann buy BTC 1 @ 49100                     | refused MARKET_CANCEL_ONLY
    # Asked again, it goes on as it was.
    status BTC open                           |
    # The first price of after the halt: the mark meets the trigger, whose order waits for the market to open.
    index BTC 49300                           | market 1 resumes: cancelOnly for 5 s ; mark 49300
    wait 4.999                                |
    ann buy BTC 1 @ 49100 postOnly            | refused MARKET_CANCEL_ONLY
    ann amend #1 @ 49000 size 0.9             | #1 now 0.9 at 49000, keeps its place
    wait 0.001                                | market 1 resumes: postOnly for 10 s ; market 1 postOnly
    ann buy BTC 1 @ 49100                     | refused MARKET_POST_ONLY
    ann buy BTC 1 @ 49100 postOnly            | #3 rests 1
    wait 9.999                                |
    wait 0.001                                | market 1 resumes: grace for 60 s ; market 1 open ; #2 fires at 49300 ; #2 sells 1 at 49100 from #3 ; #3 filled ; #2 filled
    # The last trade at 49,100 draws the mark: 200 x 29/59 below the index, then half of what is left, then 1/31.
    wait 29                                   | mark 49201
    index BTC 49300                           |
    wait 30                                   | mark 49150
    wait 1                                    | market 1 resumes: done ; mark 49149
  `,
    GRACE,
  );
});

test('the operator may halt it again, or say what it is: then it does not go on by itself', () => {
  scenario(
    `
    index BTC 50000                           | mark 50000
    status BTC halted                         | market 1 halted
    status BTC open                           | market 1 resumes: awaitingPrice ; market 1 cancelOnly
    index BTC 50000                           | market 1 resumes: cancelOnly for 5 s
    status BTC halted                         | market 1 halted
    wait 30                                   |
    status BTC open                           | market 1 resumes: awaitingPrice ; market 1 cancelOnly
    status BTC postOnly                       | market 1 postOnly
    index BTC 50000                           |
    wait 30                                   |
    status BTC open                           | market 1 open
  `,
    GRACE,
  );
});

test('without a time of grace a market opens at once', () => {
  scenario(`
    index BTC 50000                           | mark 50000
    status BTC halted                         | market 1 halted
    status BTC open                           | market 1 open
    wait 31                                   |
    index BTC 50000                           |
  `);
});

test('30 s without a command is nothing, a millisecond more is a halt of every open market', () => {
  scenario(
    `
    deposit ann 100000                        |
    deposit bob 100000                        |
    index BTC 50000                           | mark 50000
    index ETH 3000                            | mark 3000
    bob sell BTC 1 market stop 49500          | #1 waits for 49500
    ann twap buy ETH 10 for 120 in 3          | #2 runs ; #2 slice 1: 0 of 3.333
    status ETH cancelOnly                     | market 2 cancelOnly
    wait 30                                   |
    # ETH was closed by the operator, and stays as it is.
    wait 30.001                               | market 1 resumes: awaitingPrice ; market 1 cancelOnly ; #2 slice 2: 0 of 6.666 MARKET_CANCEL_ONLY
    index BTC 49000                           | market 1 resumes: cancelOnly for 5 s ; mark 49000
    # However late the next command: one stage at a time, so that nobody misses one.
    wait 29                                   | market 1 resumes: postOnly for 10 s ; market 1 postOnly
    wait 29                                   | market 1 resumes: grace for 60 s ; market 1 open ; #1 fires at 49000 ; #1 immediateRemainder 1
    # An outage in the time of grace starts all anew.
    wait 31                                   | market 1 resumes: awaitingPrice ; market 1 cancelOnly ; #2 slice 3: 0 of 10 MARKET_CANCEL_ONLY ; #2 twapEnded 10
  `,
    GRACE,
  );
});

test('a market does not open on a price that has gone stale meanwhile', () => {
  scenario(
    `
    index BTC 50000                           | mark 50000
    status BTC halted                         | market 1 halted
    status BTC open                           | market 1 resumes: awaitingPrice ; market 1 cancelOnly
    index BTC 50000                           | market 1 resumes: cancelOnly for 5 s
    wait 12                                   |
    wait 12                                   |
    index BTC 50000                           |
    wait 1                                    | market 1 resumes: postOnly for 10 s ; market 1 postOnly
  `,
    { resumeGraceMs: 60_000 },
  );
});

test('a jump over the halt does not end the wait for a price before it is believed', () => {
  scenario(
    `
    index BTC 50000                           | mark 50000
    status BTC halted                         | market 1 halted
    status BTC open                           | market 1 resumes: awaitingPrice ; market 1 cancelOnly
    index BTC 40000                           | market 1 stays at 50000, reported 40000
    wait 30                                   |
    wait 30                                   |
    index BTC 40000                           | market 1 believed at 40000 ; market 1 resumes: cancelOnly for 5 s ; mark 40000
  `,
    { ...GRACE, indexJumpPpm: 100_000 },
  );
});

/** ann long and bob short at 50,000 with 6,000 each: she is under maintenance from 46,300 down, he from 53,400 up. */
function twoTraders(): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { resumeGraceMs: 60_000 }));
  for (const owner of ['ann', 'bob']) exchange.deposit(owner, 6_000);
  exchange.index(1, 50_000);
  place(exchange, 'bob', 'sell', 50_000);
  place(exchange, 'ann', 'buy', 50_000);
  return exchange;
}

function place(exchange: Exchange, owner: string, side: 'buy' | 'sell', priceTicks: number): readonly Event[] {
  const auth = exchange.auth(owner);
  const marketId = toMarketId(1);
  return exchange.run({ kind: 'placeOrder', auth, ...PLAIN, marketId, side, priceTicks, sizeLots: 1_000 });
}

/** dYdX, 10 Oct 2025: it came back with prices of before the outage and closed people out who were healthy. */
test('after an outage a queued stale price, a wrong one and a fresh one liquidate nobody who is healthy', () => {
  const exchange = twoTraders();
  const liquidated: string[] = [];
  const run = (events: readonly Event[]): string[] => {
    for (const event of events) if (event.kind === 'liquidationStarted') liquidated.push(`${event.accountId}`);
    return events.map(({ kind }) => kind);
  };
  // The price falls to 45,500, which nobody hears of: the exchange is down for eight hours. It comes back at 49,800.
  const beforeMs = exchange.timeMs;
  exchange.timeMs += 8 * 3_600_000;
  // First the reports that were waiting at the door: published in the crash, hours old.
  expect(run(exchange.run(indexUpdate(1, 45_500, beforeMs + 60_000)))).toEqual([
    'marketResuming',
    'tradingStatusChanged',
    'fundingRateSettled',
    'commandRejected',
  ]);
  // One that is young enough to count, and of before the return: it is the index now, and moves nothing.
  exchange.timeMs += 1_000;
  expect(run(exchange.run(indexUpdate(1, 45_500, exchange.timeMs - 2_000)))).toEqual(['indexPriceUpdated']);
  expect(exchange.state.markets[0]!.markTicks).toBe(50_000);
  // The present one.
  expect(run(exchange.index(1, 49_800))).toEqual(['indexPriceUpdated', 'marketResuming', 'markPriceUpdated']);
  for (let seconds = 0; seconds < 100; seconds += 5) {
    exchange.timeMs += 5_000;
    run(exchange.index(1, 49_800));
  }
  expect(exchange.state.markets[0]!.resumeStage).toBe(0);
  expect(liquidated).toEqual([]);
  // And where the price did fall for good, ann is closed out: after all stages and the grace, no sooner.
  run(exchange.index(1, 45_500));
  expect(liquidated).toEqual(['1']);
});

test('whoever is weak after an outage has the stages and the grace to mend it, and is closed out then', () => {
  const exchange = twoTraders();
  exchange.timeMs += 60_000;
  exchange.wait(0);
  const startedMs = exchange.timeMs;
  let liquidatedMs = 0;
  while (liquidatedMs === 0 && exchange.timeMs < startedMs + 120_000) {
    exchange.timeMs += 999;
    if (exchange.index(1, 45_500).some(({ kind }) => kind === 'liquidationStarted')) liquidatedMs = exchange.timeMs;
  }
  expect((liquidatedMs - startedMs) / 1_000).toBe(1 + 5 + 10 + 60);
});

test('a snapshot in every stage goes on the same way', () => {
  const exchange = twoTraders();
  exchange.timeMs += 60_000;
  exchange.wait(0);
  let other = new Exchange(readSnapshot(writeSnapshot(exchange.state)));
  for (let step = 0; step < 45; step += 1) {
    exchange.timeMs += 1_999;
    other.timeMs = exchange.timeMs;
    expect(other.index(1, 50_000)).toEqual(exchange.index(1, 50_000));
    const bytes = writeSnapshot(exchange.state);
    expect(Buffer.from(writeSnapshot(other.state)).equals(Buffer.from(bytes))).toBe(true);
    other = new Exchange(readSnapshot(bytes));
  }
  expect(exchange.state.markets[0]!.resumeStage).toBe(0);
});
