import { describe, expect, test } from 'vitest';
import { deleverageQuintile, deleverageScore, type RankedPosition } from '../src/index.ts';

/** A long of 100 that is worth 120 now, in an account with 40: three times leveraged, a fifth up. */
const winner: RankedPosition = {
  sizeLots: 10,
  notionalAtoms: 120_000_000,
  entryNotionalAtoms: 100_000_000,
  equityAtoms: 40_000_000,
};
const loser = { ...winner, entryNotionalAtoms: 150_000_000 };
const short = { ...winner, sizeLots: -10, entryNotionalAtoms: 150_000_000 };

describe('a score in 10^-6, table by hand', () => {
  test.each([
    ['waterFilling', winner, 3_000_000n],
    ['waterFilling', loser, 3_000_000n],
    ['profitLeverage', winner, 600_000n],
    // -20 % by leverage 3.
    ['profitLeverage', loser, -66_666n],
    ['profitLeverage', short, 600_000n],
    ['profitNotional', winner, 3_600_000n],
    ['profitNotional', loser, 2_400_000n],
    ['profitNotional', short, 3_750_000n],
  ] as const)('%s %o', (rule, position, score) => {
    expect(deleverageScore(rule, position)).toBe(score);
  });

  test('an account without equity stands before all others, under every rule', () => {
    for (const rule of ['waterFilling', 'profitLeverage', 'profitNotional'] as const)
      for (const equityAtoms of [0, -1])
        expect(deleverageScore(rule, { ...loser, equityAtoms })).toBeGreaterThan(10n ** 18n);
  });
});

test('quintiles: 5 goes first, and a score at the edge belongs to the higher one', () => {
  const quintiles = ['10', '20', '30', '40'];
  expect([9n, 10n, 19n, 29n, 39n, 40n, 99n].map((score) => deleverageQuintile(score, quintiles))).toEqual([
    1, 2, 2, 3, 4, 5, 5,
  ]);
  expect(deleverageQuintile(7n, [])).toBe(1);
});
