import { expect, test } from 'vitest';
import { unwindOrder } from '../src/unwindOrder.ts';

const RULES = { bandPpm: 5_000, holdMs: 100_000 };
const LONG = 300;
const SHORT = -300;

// Mark 100,000 ticks; the band of 0.5 % is 500 ticks, walked in 100 s: 5 ticks a second.
test.each([
  ['bought at a discount: begins at mark', LONG, 99_000, 0, 'sell', 100_000],
  ['half of the time', LONG, 99_000, 50_000, 'sell', 99_750],
  ['just before the end', LONG, 99_000, 99_999, 'sell', 99_501],
  ['the edge of the band', LONG, 99_000, 100_000, 'sell', 99_500],
  ['and no further', LONG, 99_000, 9_000_000, 'sell', 99_500],
  ['never below the entry', LONG, 99_800, 60_000, 'sell', 99_800],
  ['the mark fell below the entry', LONG, 101_000, 60_000, 'sell', 101_000],
  ['until it has been held long enough', LONG, 101_000, 100_000, 'sell', 99_500],
  ['a short: begins at mark', SHORT, 101_000, 0, 'buy', 100_000],
  ['a short half of the time', SHORT, 101_000, 50_000, 'buy', 100_250],
  ['a short never above the entry', SHORT, 100_100, 60_000, 'buy', 100_100],
  ['a short at a loss waits', SHORT, 99_000, 60_000, 'buy', 99_000],
  ['a short at a loss, at last', SHORT, 99_000, 100_000, 'buy', 100_500],
  ['a clock that went backwards', LONG, 99_000, -5, 'sell', 100_000],
] as const)('%s', (_, lots, entryTicks, heldMs, side, priceTicks) => {
  expect(unwindOrder({ lots, entryTicks, heldMs }, 100_000, RULES)).toEqual({ side, priceTicks, sizeLots: 300 });
});

test('a price of one tick stays one', () => {
  expect(unwindOrder({ lots: 1, entryTicks: 1, heldMs: 500_000 }, 1, { bandPpm: 100_000, holdMs: 1 }).priceTicks).toBe(
    1,
  );
});
