import { type Command, type Event, REJECT_CODES, type TradingStatus, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readOpenOrderCount, readSnapshot, writeSnapshot } from '../src/index.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';

test('what may be placed at each status', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    bob sell BTC 1 @ 50010                     | #1 rests 1
    status BTC postOnly                        | market 1 postOnly
    ann buy BTC 1 @ 49000                      | refused MARKET_POST_ONLY
    ann buy BTC 1 @ 49000 gtt 10               | refused MARKET_POST_ONLY
    ann buy BTC 1 market                       | refused MARKET_POST_ONLY
    ann buy BTC 1 market stop 51000            | refused MARKET_POST_ONLY
    ann twap buy BTC 1 for 10 in 2             | refused MARKET_POST_ONLY
    ann buy BTC 1 @ 49000 postOnly             | #2 rests 1
    ann buy BTC 1 @ 50020 slide                | #3 rests 1
    book BTC                                   | bids 1@50009 1@49000 asks 1@50010
    status BTC cancelOnly                      | market 1 cancelOnly
    ann buy BTC 1 @ 49000                      | refused MARKET_CANCEL_ONLY
    ann buy BTC 1 @ 49000 postOnly             | refused MARKET_CANCEL_ONLY
    ann sell BTC 1 @ 51000 reduceOnly          | refused MARKET_CANCEL_ONLY
    # Less is always possible, more is not.
    ann amend #2 @ 49000 size 0.5              | #2 now 0.5 at 49000, keeps its place
    ann amend #2 @ 49000 size 0.6              | refused MARKET_CANCEL_ONLY
    ann amend #2 @ 49001 size 0.5              | refused MARKET_CANCEL_ONLY
    status BTC halted                          | market 1 halted
    ann buy BTC 1 @ 49000                      | refused MARKET_HALTED
    ann twap buy BTC 1 for 10 in 2             | refused MARKET_HALTED
    ann amend #2 @ 49000 size 0.4              | #2 now 0.4 at 49000, keeps its place
    ann replace #2 buy BTC 1 @ 49000           | refused MARKET_HALTED
    ann cancel #2                              | #2 cancelledByOwner 0.4
    status BTC open                            | market 1 open
    ann buy BTC 1 @ 50010                      | #4 buys 1 at 50010 from #1 ; #1 filled ; #4 filled
  `);
});

test('in a halt time stands still: no mark, no trigger, no close-out; positions count elsewhere at its mark while its price is fresh; orders may go', () => {
  scenario(`
    deposit ann 5500                           |
    deposit bob 100000                         |
    deposit cat 100000                         |
    index BTC 50000                            | mark 50000
    index ETH 3000                             | mark 3000
    bob sell BTC 1 @ 50000                     | #1 rests 1
    ann buy BTC 1 @ 50000                      | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    ann sell BTC 1 market stop 49000 reduceOnly | #3 waits for 49000
    cat buy BTC 1 @ 46000                      | #4 rests 1
    cat buy BTC 1 @ 45000 gtt 5                | #5 rests 1
    cat sell BTC 1 @ 60000                     | #6 rests 1
    cat deadman 7                              | cat armed for 7 s
    status BTC halted                          | market 1 halted
    # The index is taken and moves nothing.
    index BTC 46800                            |
    # Who has a position here still has its other money.
    ann buy ETH 0.1 @ 2900                     | #7 rests 0.1
    ann withdraw 1                             | withdrawal 0 of 1
    wait 5                                     | #5 expired 1
    wait 2                                     | cat timed out ; #4 cancelAllAfter 1 ; #6 cancelAllAfter 1
    index ETH 3000                             |
    # With the end of the halt the mark moves on, the stop fires and finds nobody, and the account is closed out.
    index BTC 46800                            |
    status BTC open                            | market 1 open ; mark 46800 ; #3 fires at 46800 ; #3 immediateRemainder 1 ; ann liquidated at EQ 2274 MM 2340 ; #7 liquidation 0.1 ; auction 1 sells 0.161 from 46701 to 44526
    ann twap sell BTC 0.5 for 10 in 2 reduceOnly | refused ACCOUNT_IN_LIQUIDATION
  `);
});

test('orders whose turn had not come when the market was halted fire afterwards, before those that were met later', () => {
  const exchange = scenario(`
    deposit ann 1000000                        |
    deposit bob 1000000                        |
    index BTC 50000                            | mark 50000
    index ETH 3000                             | mark 3000
  `);
  for (let placed = 0; placed < 200; placed += 1) {
    exchange.run(stopBuy(exchange, 'ann', 1, 51_000));
    exchange.run(stopBuy(exchange, 'bob', 2, 3_100));
  }
  const status = (value: TradingStatus) =>
    exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(1), status: value });
  // 64 with the command that moves the mark and 64 before the next one; the halt holds back 72.
  expect(firedPerMarket(exchange.index(1, 51_000))).toEqual({ btc: 64, eth: 0 });
  expect(firedPerMarket(status('halted'))).toEqual({ btc: 64, eth: 0 });
  expect(firedPerMarket(exchange.index(2, 3_100))).toEqual({ btc: 0, eth: 64 });
  // A snapshot knows the turns too.
  const twin = new Exchange(readSnapshot(writeSnapshot(exchange.state)));
  twin.timeMs = exchange.timeMs;
  const steps = [
    { btc: 64, eth: 64 },
    { btc: 8, eth: 56 + 16 },
    { btc: 0, eth: 0 },
  ];
  const open = { kind: 'setTradingStatus', marketId: toMarketId(1), status: 'open' } as const;
  for (const one of [exchange, twin]) {
    const events = [one.run(open), one.run({ kind: 'advanceTime' }), one.run({ kind: 'advanceTime' })];
    expect(events.map(firedPerMarket)).toEqual(steps);
    expect(readOpenOrderCount(one.state)).toBe(0);
  }
  expect(writeSnapshot(twin.state)).toEqual(writeSnapshot(exchange.state));
});

test('after a halt the mark moves at once, and the book counts for one second and not for the time it stood there', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 49000                      | #1 rests 1
    bob sell BTC 0.1 @ 49000                   | #2 sells 0.1 at 49000 from #1 ; #2 filled
    status BTC halted                          | market 1 halted
    wait 8                                     |
    # 1,000 of 31,000 ms of the way from 50,000 to 49,000; not 8,000 of 38,000.
    status BTC cancelOnly                      | market 1 cancelOnly ; mark 49967
  `);
  const unknown = exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(3), status: 'halted' });
  expect(unknown).toEqual([{ kind: 'commandRejected', code: REJECT_CODES.MARKET_UNKNOWN, accountId: 0 }]);
});

test('an hour in a halt settles at nothing', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    bob sell BTC 1 @ 50000                     | #1 rests 1
    ann buy BTC 1 @ 50000                      | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    wait 3594                                  |
    index BTC 50000                            |
    wait 1                                     |
    status BTC halted                          | market 1 halted
    wait 10                                    | rate 0 of market 1
    account ann                                | 99975 USDC, BTC 1 for 50000, EQ 99975 IM 5000
  `);
});

function stopBuy(exchange: Exchange, owner: string, marketId: number, triggerTicks: number): Command {
  return {
    kind: 'placeOrder',
    auth: exchange.auth(owner),
    ...PLAIN,
    marketId: toMarketId(marketId),
    side: 'buy',
    orderType: 'market',
    priceTicks: 0,
    sizeLots: 1_000,
    trigger: { kind: 'stop', triggerTicks, trailTicks: 0 },
  };
}

/** Orders of ann, with odd ids, are for BTC. */
function firedPerMarket(events: readonly Event[]): { btc: number; eth: number } {
  const ids = events.flatMap((event) => (event.kind === 'orderTriggered' ? [event.orderId] : []));
  const btc = ids.filter((orderId) => orderId % 2 === 1).length;
  return { btc, eth: ids.length - btc };
}
