import { toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';

test('take-profit and stop-loss come to life with the first fill and grow with each further one', () => {
  scenario(`
    deposit ann 100000                       |
    deposit bob 100000                       |
    index BTC 50000                          | mark 50000
    ann buy BTC 1 @ 50000 tp 52000 sl 48000  | #1 rests 1
    bob sell BTC 0.3 @ 50000                 | #2 sells 0.3 at 50000 from #1 ; #3 waits for 52000 ; #4 waits for 48000 ; #2 filled
    bob sell BTC 0.2 @ 50000                 | #5 sells 0.2 at 50000 from #1 ; #3 now 0.5 at 0, keeps its place ; #4 now 0.5 at 0, keeps its place ; #5 filled
    bob sell BTC 0.5 @ 50000                 | #6 sells 0.5 at 50000 from #1 ; #1 filled ; #3 now 1 at 0, keeps its place ; #4 now 1 at 0, keeps its place ; #6 filled
    bob buy BTC 1 @ 51900                    | #7 rests 1
    # The take-profit takes the stop-loss with it.
    # What rests draws the mark a little below the index.
    index BTC 52001                          | mark 52000 ; #3 fires at 52000 ; #4 linkedOrder 1 ; #3 sells 1 at 51900 from #7 ; #7 filled ; #3 filled
    account ann                              | 101864.05 USDC, EQ 101864.05 IM 0
  `);
});

test('a taker has its attached orders at its first fill, before it takes the next order', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    bob sell BTC 0.4 @ 50000                   | #1 rests 0.4
    bob sell BTC 0.4 @ 50010                   | #2 rests 0.4
    ann buy BTC 1 @ 50010 sl 48000             | #3 buys 0.4 at 50000 from #1 ; #1 filled ; #4 waits for 48000 ; #3 buys 0.4 at 50010 from #2 ; #2 filled ; #4 now 0.8 at 0, keeps its place ; #3 rests 0.2
    # What is left of it is cancelled; what protects the position stays.
    ann cancel #3                              | #3 cancelledByOwner 0.2
    bob buy BTC 1 @ 47500                      | #5 rests 1
    index BTC 48000                            | mark 48000 ; #4 fires at 48000 ; #4 sells 0.8 at 47500 from #5 ; #4 filled
  `);
});

test('a short has its take-profit below and its stop-loss above, each with a limit if it has one', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann sell BTC 1 @ 50000 tp 48000:48100 sl 51000:51500 | #1 rests 1
    bob buy BTC 1 @ 50000                      | #2 buys 1 at 50000 from #1 ; #1 filled ; #3 waits for 48000 ; #4 waits for 51000 ; #2 filled
    index BTC 51000                            | mark 51000 ; #4 fires at 51000 ; #3 linkedOrder 1 ; #4 rests 1
    book BTC                                   | bids 1@51500 asks -
  `);
});

test('attached orders go with the position, whatever closed it', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 50000 tp 52000 sl 48000    | #1 rests 1
    bob sell BTC 1 @ 50000                     | #2 sells 1 at 50000 from #1 ; #1 filled ; #3 waits for 52000 ; #4 waits for 48000 ; #2 filled
    bob buy BTC 2 @ 50000                      | #5 rests 2
    # Smaller: they stay as they are, and are cut when they fire.
    ann sell BTC 0.6 @ 50000                   | #6 sells 0.6 at 50000 from #5 ; #6 filled
    # Gone: the newer goes, and the other with it.
    ann sell BTC 0.4 @ 50000                   | #7 sells 0.4 at 50000 from #5 ; #4 reduceOnlyNothingLeft 1 ; #3 linkedOrder 1 ; #7 filled
    index BTC 48000                            | mark 48000
  `);
});

test('nothing comes to life while the order only makes an opposite position smaller', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    bob buy BTC 1 @ 50000                      | #1 rests 1
    ann sell BTC 1 @ 50000                     | #2 sells 1 at 50000 from #1 ; #1 filled ; #2 filled
    ann buy BTC 2 @ 50000 sl 49000             | #3 rests 2
    bob sell BTC 0.7 @ 50000                   | #4 sells 0.7 at 50000 from #3 ; #4 filled
    bob sell BTC 0.3 @ 50000                   | #5 sells 0.3 at 50000 from #3 ; #5 filled
    # Long at last: the stop-loss is over all that the order has bought, and is cut to the position when it fires.
    bob sell BTC 0.5 @ 50000                   | #6 sells 0.5 at 50000 from #3 ; #7 waits for 49000 ; #6 filled
    ann cancel #3                              | #3 cancelledByOwner 0.5
    bob buy BTC 2 @ 48500                      | #8 rests 2
    index BTC 49000                            | mark 49000 ; #7 fires at 49000 ; #7 sells 0.5 at 48500 from #8 ; #7 filled
  `);
});

test('the same for a sell order of an account that is long', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    bob sell BTC 1 @ 50000                     | #1 rests 1
    ann buy BTC 1 @ 50000                      | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    ann sell BTC 2 @ 50000 sl 51000            | #3 rests 2
    bob buy BTC 1 @ 50000                      | #4 buys 1 at 50000 from #3 ; #4 filled
    bob buy BTC 0.1 @ 50000                    | #5 buys 0.1 at 50000 from #3 ; #6 waits for 51000 ; #5 filled
  `);
});

test('one that was cancelled does not come back alone; when both are over the next fill brings new ones', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 50000 tp 52000 sl 48000    | #1 rests 1
    bob sell BTC 0.2 @ 50000                   | #2 sells 0.2 at 50000 from #1 ; #3 waits for 52000 ; #4 waits for 48000 ; #2 filled
    ann cancel #3                              | #3 cancelledByOwner 0.2 ; #4 linkedOrder 0.2
    bob sell BTC 0.3 @ 50000                   | #5 sells 0.3 at 50000 from #1 ; #6 waits for 52000 ; #7 waits for 48000 ; #5 filled
    ann cancel #6                              | #6 cancelledByOwner 0.5 ; #7 linkedOrder 0.5
    # Amended, it goes through the book anew and still knows what it has traded.
    bob sell BTC 0.1 @ 50010                   | #8 rests 0.1
    ann amend #1 @ 50010 size 1                | #1 now 0.5 at 50010, goes behind ; #1 buys 0.1 at 50010 from #8 ; #8 filled ; #9 waits for 52000 ; #10 waits for 48000 ; #1 rests 0.4
  `);
});

test('an order that meets its own attached one while it goes through the book anew has new ones afterwards', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 50000 tp 50500:51000       | #1 rests 1
    bob sell BTC 0.5 @ 50000                   | #2 sells 0.5 at 50000 from #1 ; #3 waits for 50500 ; #2 filled
    index BTC 50501                            | mark 50500 ; #3 fires at 50500 ; #3 rests 0.5
    bob sell BTC 0.2 @ 51000                   | #4 rests 0.2
    # The new take-profit fires at once, and its order meets what is left of the first one, which gives way.
    ann amend #1 @ 51000 size 1                | #1 now 0.5 at 51000, goes behind ; #3 selfTrade 0.5 ; #1 buys 0.2 at 51000 from #4 ; #4 filled ; #5 waits for 50500 ; #1 rests 0.3 ; #5 fires at 50500 ; #1 selfTrade 0.3 ; #5 rests 0.7
    book BTC                                   | bids - asks 0.7@51000
  `);
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 48000 sl 47900:49000       | #1 rests 1
    bob sell BTC 0.5 @ 48000                   | #2 sells 0.5 at 48000 from #1 ; #3 waits for 47900 ; #2 filled
    index BTC 47900                            | mark 47900 ; #3 fires at 47900 ; #3 rests 0.5
    bob sell BTC 0.2 @ 49000                   | #4 rests 0.2
    ann amend #1 @ 49000 size 1                | #1 now 0.5 at 49000, goes behind ; #3 selfTrade 0.5 ; #1 buys 0.2 at 49000 from #4 ; #4 filled ; #5 waits for 47900 ; #1 rests 0.3 ; #5 fires at 47900 ; #1 selfTrade 0.3 ; #5 rests 0.7
    book BTC                                   | bids - asks 0.7@49000
  `);
});

test('one that has fired and rests does not grow', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 50000 tp 50500:51000       | #1 rests 1
    bob sell BTC 0.5 @ 50000                   | #2 sells 0.5 at 50000 from #1 ; #3 waits for 50500 ; #2 filled
    index BTC 50501                            | mark 50500 ; #3 fires at 50500 ; #3 rests 0.5
    bob sell BTC 0.5 @ 50000                   | #4 sells 0.5 at 50000 from #1 ; #1 filled ; #4 filled
    book BTC                                   | bids - asks 0.5@51000
  `);
});

test('what is told of attached orders: both are accepted, each with the other and with the order they hang on', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 50000 tp 52000 sl 48000:47500 stp expireBoth owner name mine | #1 rests 1
  `);
  const events = exchange.run({
    kind: 'placeOrder',
    auth: exchange.auth('bob'),
    ...PLAIN,
    marketId: toMarketId(1),
    side: 'sell',
    priceTicks: 50_000,
    sizeLots: 300,
  });
  const common = {
    ...PLAIN,
    kind: 'orderAccepted',
    accountId: 1,
    marketId: 1,
    side: 'sell',
    sizeLots: 300,
    reduceOnly: true,
    selfTrade: 'expireBoth',
    selfTradeScope: 'owner',
    parentOrderId: 1,
  };
  expect(events.filter((event) => event.kind === 'orderAccepted' && event.accountId === 1)).toEqual([
    {
      ...common,
      orderId: 3,
      orderType: 'market',
      timeInForce: 'ioc',
      priceTicks: 0,
      trigger: { kind: 'takeProfit', triggerTicks: 52_000, trailTicks: 0 },
      linkedOrderId: 4,
    },
    {
      ...common,
      orderId: 4,
      priceTicks: 47_500,
      trigger: { kind: 'stop', triggerTicks: 48_000, trailTicks: 0 },
      linkedOrderId: 3,
    },
  ]);
});

test('one whose condition holds already when it comes to life fires with the same command', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    deposit cat 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 49500 sl 49400             | #1 rests 1
    cat buy BTC 2 @ 48900                      | #2 rests 2
    index BTC 49000                            | mark 49000
    bob sell BTC 1 @ 49500                     | #3 sells 1 at 49500 from #1 ; #1 filled ; #4 waits for 49400 ; #3 filled ; #4 fires at 49000 ; #4 sells 1 at 48900 from #2 ; #4 filled
  `);
});

test('attached prices must lie on their sides of the order', () => {
  scenario(`
    deposit ann 100000                            |
    index BTC 50000                               | mark 50000
    ann buy BTC 1 @ 50000 tp 50000                | refused ATTACHED_ORDER_INVALID
    ann buy BTC 1 @ 50000 sl 50000                | refused ATTACHED_ORDER_INVALID
    ann sell BTC 1 @ 50000 tp 50001               | refused ATTACHED_ORDER_INVALID
    ann sell BTC 1 @ 50000 sl 49999               | refused ATTACHED_ORDER_INVALID
    ann buy BTC 1 market tp 50000                 | refused ATTACHED_ORDER_INVALID
    ann buy BTC 1 @ 50000 tp 1000001              | refused ATTACHED_ORDER_INVALID
    ann buy BTC 1 @ 50000 tp 0:51000              | refused ATTACHED_ORDER_INVALID
    ann buy BTC 1 @ 50000 tp 52000 reduceOnly     | refused ORDER_FLAGS_CONFLICT
    ann buy BTC 1 @ 50000 tp 52000 stop 51000     | refused ORDER_FLAGS_CONFLICT
    ann buy BTC 1 @ 50000 tp 50001 sl 49999       | #1 rests 1
  `);
});

test('a stop-loss alone goes with the position too, also as the only order that waits', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    ann buy BTC 1 @ 50000 sl 48000             | #1 rests 1
    bob sell BTC 1 @ 50000                     | #2 sells 1 at 50000 from #1 ; #1 filled ; #3 waits for 48000 ; #2 filled
    bob buy BTC 1 @ 50000                      | #4 rests 1
    ann sell BTC 1 @ 50000                     | #5 sells 1 at 50000 from #4 ; #4 filled ; #3 reduceOnlyNothingLeft 1 ; #5 filled
  `);
});

test('an attached limit lies in the band around its own trigger', () => {
  scenario(
    `
    deposit ann 100000                            |
    index BTC 50000                               | mark 50000
    # 10 % of 52,000 is 5,200, of 48,000 it is 4,800.
    ann buy BTC 0.1 @ 50000 tp 52000:46799        | refused ATTACHED_ORDER_INVALID
    ann buy BTC 0.1 @ 50000 tp 52000:57201        | refused ATTACHED_ORDER_INVALID
    ann buy BTC 0.1 @ 50000 sl 48000:43199        | refused ATTACHED_ORDER_INVALID
    ann buy BTC 0.1 @ 50000 sl 48000:52801        | refused ATTACHED_ORDER_INVALID
    ann buy BTC 0.1 @ 50000 tp 52000:46800 sl 48000:43200 | #1 rests 0.1
    ann buy BTC 0.1 @ 50000 tp 52000:57200 sl 48000:52800 | #2 rests 0.1
    `,
    { priceBandPpm: 100_000 },
  );
});
