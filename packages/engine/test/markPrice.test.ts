import { toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { emaStep } from '../src/prices/renewMark.ts';
import { Exchange, indexUpdate } from './exchange.ts';
import { Dice } from './oracle/dice.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';
import { testMarket } from './testMarket.ts';

const { KEEL_TEST_SEED } = process.env;
const SEEDS = KEEL_TEST_SEED === undefined ? [1, 2, 3, 4, 5, 6] : [Number(KEEL_TEST_SEED)];

test('mark is the median of index with the book basis, book with last, index with the median basis', () => {
  scenario(`
    deposit ann 100000             |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    # Bid 50,100 and ask 50,200: the book says 50,100 (median with last = index), the averages start at the index.
    ann buy BTC 1 @ 50100          | #1 rests 1
    bob sell BTC 1 @ 50200         | #2 rests 1
    # After 10 s the averages have moved by 150 x 10/160 = 9.4 and 100 x 10/40 = 25: median of 50,009, 50,100, 50,025.
    wait 10                        | mark 50025
    index BTC 50000                |
  `);
});

test('mark stays inside the band round the index', () => {
  scenario(`
    deposit ann 1000000            |
    deposit bob 1000000            |
    index BTC 50000                | mark 50000
    bob sell BTC 0.1 @ 70000       | #1 rests 0.1
    ann buy BTC 0.2 @ 70000        | #2 buys 0.1 at 70000 from #1 ; #1 filled ; #2 rests 0.1
    index BTC 50000                |
    wait 9                         | mark 54615
    index BTC 50000                | mark 54616
    wait 9                         | mark 55000
    index BTC 50000                |
  `);
});

test.for([
  [0, 1_000, 0, 30_000, 0],
  [0, 1_000, 30_000, 30_000, 500],
  [0, -1_000, 1, 30_000, -1],
  [500, 500, 10_000, 30_000, 500],
  [100, 0, 1, 1_000_000, 99],
])('average %i towards %i after %i ms of %i ms: %i', ([ema, x, elapsed, tau, expected]) => {
  expect(emaStep(ema!, x!, elapsed!, tau!)).toBe(expected);
});

test('the middle of perpetuals elsewhere takes the place of the third price while it is fed', () => {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD'));
  for (const owner of ['ann', 'bob']) exchange.deposit(owner, 100_000);
  exchange.index(1, 50_000);
  // The book at 50,400 to 50,600: its own price is the bid, as its last trade is the index.
  quote(exchange, 'ann', 'buy', 50_400);
  quote(exchange, 'bob', 'sell', 50_600);
  const mark = (perpTicks: number): number => {
    exchange.timeMs += 1;
    exchange.run(indexUpdate(1, 50_000, exchange.timeMs, { perpTicks }));
    return exchange.state.markets[0]!.markTicks;
  };
  // Averages begin at the index, so the perpetual is between them and the book: the median.
  expect(mark(50_300)).toBe(50_300);
  expect(mark(50_390)).toBe(50_390);
  expect(mark(50_800)).toBe(50_400);
  expect(mark(49_000)).toBe(50_000);
  // Fed no more: the average of the median again, 5 ms old.
  expect(mark(0)).toBe(50_000);
  exchange.wait(10_000);
  expect(exchange.state.markets[0]!.markTicks).toBe(50_100);
});

test('the stable price follows the mark by 1 % of itself a minute, and keeps the time that made no tick', () => {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { stablePriceMovePpm: 10_000 }));
  const market = exchange.state.markets[0]!;
  const after = (ms: number, ticks: number): number => {
    exchange.timeMs += ms - 1;
    exchange.index(1, ticks);
    return market.stableTicks;
  };
  expect(after(1, 50_000)).toBe(50_000);
  // Until now nothing was missing. From here 500 ticks a minute, 8.33 a second.
  expect(after(1_000, 51_000)).toBe(50_000);
  expect(after(1_000, 51_000)).toBe(50_008);
  expect(after(3_000, 51_000)).toBe(50_033);
  // 100 ms are 0.83 of a tick: nothing; another 100 ms are 1.67.
  expect(after(100, 51_000)).toBe(50_033);
  expect(after(100, 51_000)).toBe(50_034);
  // Up for the time before the fall, down for the time after it.
  expect(after(3_000, 40_000)).toBe(50_059);
  expect(after(3_000, 50_000)).toBe(50_034);
  // Within reach it is the mark.
  expect(after(5_000, 50_000)).toBe(50_000);
  // A minute in which nothing was missing does not add up to a leap.
  for (let seconds = 0; seconds < 60; seconds += 5) after(5_000, 50_000);
  expect(after(1_000, 60_000)).toBe(50_000);
  expect(after(1_000, 60_000)).toBe(50_008);
  // Nor does a stale time: it counts as a second.
  expect(after(30_000, 60_000)).toBe(50_016);
});

/** However the feeders report, and whatever rests: mark is in the band round the index whenever it is renewed. */
test.for(SEEDS)('the mark stays in its band whatever the reports (seed %i)', (seed) => {
  const dice = new Dice(seed);
  const markBandPpm = dice.pick([1, 50_000, 300_000]);
  const exchange = new Exchange();
  const spec = testMarket(1, 'BTC-USD', { markBandPpm, indexJumpPpm: 900_000, stablePriceMovePpm: 20_000 });
  exchange.list(spec);
  const names = ['a1', 'b2', 'c3', 'd4', 'e5'];
  const feeders = names.map((name) => ({ feeder: `0x${name.repeat(20)}` as const, weight: dice.between(1, 9) }));
  exchange.run({ kind: 'setPriceFeeders', feeders });
  for (const owner of ['ann', 'bob']) exchange.deposit(owner, 1_000_000);
  let middle = dice.pick([1, 20, 1_000, 50_000, 900_000]);
  let renewed = 0;
  for (let step = 0; step < 400; step += 1) {
    exchange.timeMs += dice.pick([1, 300, 1_500, 12_000]);
    middle = Math.min(Math.max(1, middle + Math.trunc((middle * dice.between(-300, 300)) / 1_000)), spec.maxPriceTicks);
    const reports = feeders.flatMap(({ feeder }) => {
      if (dice.chance(10)) return [];
      const odd = dice.chance(5)
        ? dice.pick([1, spec.maxPriceTicks])
        : middle + Math.trunc((middle * dice.between(-20, 20)) / 1_000);
      const priceTicks = Math.min(Math.max(1, odd), spec.maxPriceTicks);
      const perpTicks = dice.chance(60) ? dice.between(1, spec.maxPriceTicks) : 0;
      const publishTimeMs = exchange.timeMs - dice.pick([0, 0, 10, 9_999, 20_000]);
      return indexUpdate(1, priceTicks, publishTimeMs, { feeder, perpTicks, reportSequence: step + 1 }).reports;
    });
    exchange.run({ kind: 'updateIndexPrice', marketId: spec.marketId, reports });
    const market = exchange.state.markets[0]!;
    if (dice.chance(50) && market.markTicks > 0) {
      quote(exchange, dice.pick(['ann', 'bob']), dice.pick(['buy', 'sell']), dice.between(1, 2 * market.markTicks));
    }
    if (dice.chance(20)) exchange.wait(dice.between(1, 2_000));
    if (market.markTimeMs !== exchange.timeMs) continue;
    renewed += 1;
    const { markTicks, indexTicks, stableTicks } = market;
    // Whole numbers: |mark - index| / index <= band, or the nearest tick inside [1, max] that there is.
    const off = BigInt(Math.abs(markTicks - indexTicks)) * 1_000_000n;
    expect(off <= BigInt(indexTicks) * BigInt(markBandPpm), `mark ${markTicks} at index ${indexTicks}`).toBe(true);
    expect(markTicks >= 1 && markTicks <= spec.maxPriceTicks && stableTicks >= 1).toBe(true);
  }
  expect(renewed).toBeGreaterThan(50);
});

function quote(exchange: Exchange, owner: string, side: 'buy' | 'sell', priceTicks: number): void {
  const auth = exchange.auth(owner);
  exchange.run({ kind: 'placeOrder', auth, ...PLAIN, marketId: toMarketId(1), side, priceTicks, sizeLots: 20 });
}
