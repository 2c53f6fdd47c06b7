import {
  compareLeverage,
  type Leveraged,
  profitLeverageScore,
  profitNotionalScore,
  scaledLeverage,
  waterFillLots,
} from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const of = (notionalAtoms: number, equityAtoms: number): Leveraged => ({ notionalAtoms, equityAtoms });

test.for([
  // arXiv 2603.15963: N = 100, 50, 100 with E = 10, 10, 50: at 80 the first two meet at 3.5, and 35, 35, 100 are left.
  { needed: 80, lots: [65, 15], level: '3500000000' },
  { needed: 40, lots: [40], level: '6000000000' },
  { needed: 50, lots: [50], level: '5000000000' },
  { needed: 52, lots: [51, 1], level: '4900000000' },
  { needed: 110, lots: [80, 30], level: '2000000000' },
  // 180 together; 70 x 10 / 70 = 10 of the first. The third one joins below 2.
  { needed: 180, lots: [90, 40, 50], level: '1000000000' },
  { needed: 250, lots: [100, 50, 100], level: '0' },
  { needed: 999, lots: [100, 50, 100], level: '0' },
  // 50.5 and 0.5 would do: of equal rests the first of the rank gives the lot.
  { needed: 51, lots: [51], level: '4950000000' },
])('$needed of the example: $lots', ({ needed, lots, level }) => {
  const filled = waterFillLots([of(100, 10), of(50, 10), of(100, 50)], needed, 1);
  expect(filled.lots.filter((each) => each > 0)).toEqual(lots);
  expect(scaledLeverage(filled.level).toString()).toBe(level);
});

test.for([
  // Rounding all of them up would leave the last one with a lot less than its part: 3, 3, 3, 1.
  { needed: 10, of: [of(100, 10), of(100, 10), of(100, 10), of(100, 10)], lots: [3, 3, 2, 2] },
  // Level 207 / 30 = 6.9: parts of 11, 11 and 1, no rests.
  { needed: 23, of: [of(80, 10), of(80, 10), of(70, 10)], lots: [11, 11, 1] },
  // Level 91 / 20 = 4.55: parts of 6.5 and 4.5; of equal rests that of the higher rank.
  { needed: 11, of: [of(52, 10), of(50, 10)], lots: [7, 4] },
  // Level 94 / 40 = 2.35: parts of 6.5, 6.5 and 1; the first of the two halves.
  { needed: 14, of: [of(30, 10), of(30, 10), of(48, 20)], lots: [7, 6, 1] },
  // Level 95 / 30 = 3.1666...: parts of 9.333, 8.333 and 8.333.
  { needed: 26, of: [of(41, 10), of(40, 10), of(40, 10)], lots: [10, 8, 8] },
])('the odd lots of $needed go to the largest rests: $lots', ({ needed, of: candidates, lots }) => {
  expect(waterFillLots(candidates, needed, 1).lots).toEqual(lots);
});

const account = fc.record({
  lots: fc.integer({ min: 1, max: 5_000 }),
  equityAtoms: fc.integer({ min: 1, max: 1_000_000_000 }),
});

/** Of accounts with these lots at 50 USDC each, highest leverage first. */
function ranked(accounts: readonly { lots: number; equityAtoms: number }[]): Leveraged[] {
  return accounts
    .map(({ lots, equityAtoms }) => of(lots * 50_000_000, equityAtoms))
    .sort((a, b) => compareLeverage(b, a));
}

/** The level found by halving, in floating point: the judge shares nothing with the formula. */
function levelOf(accounts: readonly Leveraged[], neededAtoms: number): number {
  let low = 0;
  let high = Math.max(...accounts.map(({ notionalAtoms, equityAtoms }) => notionalAtoms / equityAtoms));
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    const above = accounts.reduce((sum, each) => sum + Math.max(0, each.notionalAtoms - middle * each.equityAtoms), 0);
    if (above > neededAtoms) low = middle;
    else high = middle;
  }
  return high;
}

test('exactly what is needed is given, and each gives what lies above the common level, to a lot', () => {
  const lot = 50_000_000;
  fc.assert(
    fc.property(
      fc.array(account, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 60_000 }),
      (accounts, needed) => {
        const candidates = ranked(accounts);
        const { lots } = waterFillLots(candidates, needed, lot);
        const all = accounts.reduce((sum, each) => sum + each.lots, 0);
        expect(lots.reduce((sum, each) => sum + each, 0)).toBe(Math.min(needed, all));
        const level = levelOf(candidates, needed * lot);
        for (const [place, { notionalAtoms, equityAtoms }] of candidates.entries()) {
          const due = Math.max(0, (notionalAtoms - level * equityAtoms) / lot);
          const given = lots[place] ?? 0;
          expect(given).toBeLessThan(due + 1.001);
          if (needed <= all) expect(given).toBeGreaterThan(due - 1.001);
        }
      },
    ),
    { numRuns: 300, seed: Number(process.env.KEEL_TEST_SEED ?? 11) },
  );
});

test('an account split into many of the same leverage gives what it would have given, but for rounding', () => {
  fc.assert(
    fc.property(
      fc.array(account, { minLength: 1, maxLength: 12 }),
      account,
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 1, max: 40_000 }),
      (others, one, parts, needed) => {
        const whole = { lots: one.lots * parts, equityAtoms: one.equityAtoms * parts };
        const given = (accounts: typeof others, mine: number) => {
          const candidates = ranked(accounts);
          const { lots } = waterFillLots(candidates, needed, 50_000_000);
          const own = candidates.map((each) => compareLeverage(each, of(one.lots * 50_000_000, one.equityAtoms)) === 0);
          expect(own.filter(Boolean).length).toBeGreaterThanOrEqual(mine);
          return lots.reduce((sum, each, place) => sum + (own[place] ? each : 0), 0);
        };
        const asOne = given([...others, whole], 1);
        const asMany = given([...others, ...Array.from({ length: parts }, () => one)], parts);
        // Each part may be a lot off.
        expect(Math.abs(asOne - asMany)).toBeLessThanOrEqual(parts + others.length);
      },
    ),
    { numRuns: 300, seed: Number(process.env.KEEL_TEST_SEED ?? 12) },
  );
});

test.for([
  // A profit of a quarter at leverage 1 and at 2; a loss of a fifth at 2 and at 1: the leveraged loser stands last but one.
  { name: 'winner', size: 1, entry: 40, mark: 50, equity: 50, bitmex: 250_000_000n, hyperliquid: 1_250_000_000n },
  { name: 'winner, 2x', size: 1, entry: 40, mark: 50, equity: 25, bitmex: 500_000_000n, hyperliquid: 2_500_000_000n },
  { name: 'loser, 2x', size: 1, entry: 50, mark: 40, equity: 20, bitmex: -100_000_000n, hyperliquid: 1_600_000_000n },
  { name: 'loser', size: 1, entry: 50, mark: 40, equity: 40, bitmex: -200_000_000n, hyperliquid: 800_000_000n },
  {
    name: 'short winner',
    size: -1,
    entry: 50,
    mark: 40,
    equity: 40,
    bitmex: 200_000_000n,
    hyperliquid: 1_250_000_000n,
  },
  { name: 'short loser', size: -1, entry: 40, mark: 50, equity: 50, bitmex: -250_000_000n, hyperliquid: 800_000_000n },
])('score of a $name', ({ size, entry, mark, equity, bitmex, hyperliquid }) => {
  const position = {
    sizeLots: size,
    entryNotionalAtoms: size * entry * 1e6,
    unrealisedAtoms: size * (mark - entry) * 1e6,
    notionalAtoms: mark * 1e6,
    equityAtoms: equity * 1e6,
  };
  expect([profitLeverageScore(position), profitNotionalScore(position)]).toEqual([bitmex, hyperliquid]);
});
