import { expect, test } from 'vitest';
import { SortedLevels } from '../src/feed/sortedLevels.ts';

const SEED = Number(process.env.KEEL_TEST_SEED ?? 7);
const ROUNDS = 60;

/** Numbers from 0 to `below` - 1, the same for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test.each(['bids', 'asks'] as const)(
  `%s are what a map of them sorts to, after every change (seed ${SEED})`,
  (side) => {
    const next = dice(SEED);
    const direction = side === 'bids' ? -1 : 1;
    for (let round = 0; round < ROUNDS; round += 1) {
      const model = new Map<number, number>();
      for (let count = next(40); count > 0; count -= 1) model.set(1 + next(200), 1 + next(5));
      const levels = new SortedLevels(side);
      levels.load([...model]);
      for (let count = 0; count < 60; count += 1) {
        const [ticks, lots] = [1 + next(200), next(4)];
        if (lots === 0) model.delete(ticks);
        else model.set(ticks, lots);
        levels.set(ticks, lots);
        const sorted = [...model].sort(([left], [right]) => direction * (left - right));
        expect(levels.top()).toEqual(sorted);
        expect(levels.top(3)).toEqual(sorted.slice(0, 3));
        expect(levels.best()).toEqual(sorted[0]);
      }
    }
  },
);

test.each(['bids', 'asks'] as const)(
  `groups of %s: nothing is lost, and no price is better than what is behind it (seed ${SEED})`,
  (side) => {
    const next = dice(SEED);
    const stepOf = (ticks: number, step: number) =>
      (side === 'bids' ? Math.floor(ticks / step) : Math.ceil(ticks / step)) * step;
    for (let round = 0; round < ROUNDS; round += 1) {
      const levels = new SortedLevels(side);
      for (let count = next(60); count > 0; count -= 1) levels.set(1 + next(200), 1 + next(5));
      const step = [1, 2, 5, 10, 50][next(5)] as number;
      const sums = new Map<number, number>();
      for (const [ticks, lots] of levels.top())
        sums.set(stepOf(ticks, step), (sums.get(stepOf(ticks, step)) ?? 0) + lots);
      expect(levels.grouped(step, Number.POSITIVE_INFINITY)).toEqual([...sums]);
      expect(levels.grouped(step, 4)).toEqual([...sums].slice(0, 4));
    }
  },
);
