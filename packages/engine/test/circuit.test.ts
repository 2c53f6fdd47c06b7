import { type Event, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { Exchange, FEEDER, indexUpdate } from './exchange.ts';
import { scenario } from './scenario.ts';
import { testMarket } from './testMarket.ts';

/** A circuit band of 10 %; the mark may be 10 % from the index too. */
const BAND = { indexJumpPpm: 100_000 };

test('a jump stands beside the old index, which adds no risk; back inside the band it is forgotten', () => {
  scenario(
    `
    deposit ann 100000                     |
    deposit bob 100000                     |
    index BTC 50000                        | mark 50000
    ann buy BTC 0.5 @ 50000                | #1 rests 0.5
    bob sell BTC 0.5 @ 50000               | #2 sells 0.5 at 50000 from #1 ; #1 filled ; #2 filled
    # 10 % is inside the band, one tick more is not.
    index BTC 55000                        | mark 55000
    index BTC 49499                        | market 1 stays at 55000, reported 49499
    bob sell BTC 0.1 @ 54000               | refused MARKET_PRICE_UNAVAILABLE
    bob withdraw 10                        | refused MARKET_PRICE_UNAVAILABLE
    # Orders that reduce still trade.
    ann sell BTC 0.1 @ 60000 reduceOnly    | #3 rests 0.1
    wait 1                                 |
    index BTC 54900                        | market 1 believed at 54900 ; mark 54900
    bob sell BTC 0.1 @ 55000               | #4 rests 0.1
  `,
    BAND,
  );
});

test('a level that stays is believed after 60 s of sequenced time, never before', () => {
  scenario(
    `
    deposit ann 100000                     |
    index BTC 50000                        | mark 50000
    index BTC 40000                        | market 1 stays at 50000, reported 40000
    wait 30                                |
    # All within 10 % of 40,000: the level stands.
    index BTC 44000                        |
    index BTC 36000                        |
    wait 29.996                            |
    index BTC 40500                        |
    ann buy BTC 1 @ 40000                  | refused MARKET_PRICE_UNAVAILABLE
    wait 0                                 |
    # Now it is 60 s.
    index BTC 40600                        | market 1 believed at 40600 ; mark 40600
    ann buy BTC 1 @ 40000                  | #1 rests 1
  `,
    BAND,
  );
});

test('a level that moves on starts anew', () => {
  scenario(
    `
    deposit ann 100000                     |
    index BTC 50000                        | mark 50000
    index BTC 40000                        | market 1 stays at 50000, reported 40000
    wait 59                                |
    index BTC 35999                        | market 1 stays at 50000, reported 35999
    wait 30                                |
    index BTC 36000                        |
    wait 29.998                            |
    index BTC 36000                        | market 1 believed at 36000 ; mark 36000
  `,
    BAND,
  );
});

test('the first price of a market has no band, and a jump upwards has the same', () => {
  scenario(
    `
    index BTC 50000                        | mark 50000
    index BTC 55001                        | market 1 stays at 50000, reported 55001
    index BTC 60600                        | market 1 stays at 50000, reported 60600
    index BTC 55000                        | market 1 believed at 55000 ; mark 55000
  `,
    BAND,
  );
});

test('nobody is liquidated on a price outside the band, and whoever is weak on the new level is, once it is believed', () => {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', BAND));
  for (const owner of ['ann', 'bob']) exchange.deposit(owner, 6_000);
  exchange.index(1, 50_000);
  order(exchange, 'bob', 'sell');
  order(exchange, 'ann', 'buy');
  const said = (events: readonly Event[]) => events.map(({ kind }) => kind);
  expect(said(exchange.index(1, 44_000))).toEqual(['priceBandTripped']);
  // The old index goes stale meanwhile, as nobody renews it.
  for (let seconds = 5; seconds < 60; seconds += 5) {
    exchange.timeMs += 5_000 - 1;
    expect(said(exchange.index(1, 44_000))).toEqual([]);
  }
  exchange.timeMs += 5_000 - 1;
  const events = said(exchange.index(1, 44_000));
  expect(events.slice(0, 3)).toEqual(['priceBandReleased', 'indexPriceUpdated', 'markPriceUpdated']);
  expect(events).toContain('liquidationStarted');
});

test('a new set of feeders: the old price is worth nothing until they agree, and its band still holds', () => {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', BAND));
  exchange.index(1, 50_000);
  const others = [`0x${'aa'.repeat(20)}`, `0x${'bb'.repeat(20)}`] as const;
  const feeders = others.map((feeder) => ({ feeder, weight: 1 }));
  expect(exchange.run({ kind: 'setPriceFeeders', feeders })).toEqual([{ kind: 'priceFeedersSet', feeders }]);
  const update = (priceTicks: number, ...who: readonly (typeof FEEDER)[]) => {
    exchange.timeMs += 1;
    const reports = who.flatMap((feeder) => indexUpdate(1, priceTicks, exchange.timeMs, { feeder }).reports);
    return exchange.run({ kind: 'updateIndexPrice', marketId: toMarketId(1), reports });
  };
  expect(update(50_000, FEEDER)).toMatchObject([{ code: 714 }]);
  expect(update(50_000, others[0])).toMatchObject([{ code: 715 }]);
  expect(update(60_000, ...others)).toMatchObject([{ kind: 'priceBandTripped', fromTicks: 50_000 }]);
  expect(update(51_000, ...others)).toMatchObject([
    { kind: 'priceBandReleased', priceTicks: 51_000 },
    { kind: 'indexPriceUpdated', countedReports: 2, droppedReports: 0 },
    { kind: 'markPriceUpdated' },
  ]);
  // Nobody at all is a set too: it stops every price.
  exchange.run({ kind: 'setPriceFeeders', feeders: [] });
  expect(update(51_000)).toMatchObject([{ code: 715 }]);
});

function order(exchange: Exchange, owner: string, side: 'buy' | 'sell'): void {
  exchange.run({
    kind: 'placeOrder',
    auth: exchange.auth(owner),
    marketId: toMarketId(1),
    side,
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: 50_000,
    sizeLots: 1_000,
    reduceOnly: false,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  });
}
