import { expect, test } from 'vitest';
import { MUTATIONS, type MutationName } from './mutations.ts';
import { runSeeds } from './runSeeds.ts';
import type { RunOptions, RunResult } from './runSimulation.ts';
import { addRun, emptySummary, tableOf } from './summary.ts';

/** `npm test -- --long` runs ten times as many. */
const LONG = process.env.KEEL_LONG === '1';
const SEEDS = LONG ? 20_000 : 2_000;
const COMMANDS = 2_000;
const TIMEOUT_MS = LONG ? 21_600_000 : 3_600_000;
/** What they showed is told in README.md; what a seed does changes with the code, so each has a test of its own besides. */
const WRONG_ONCE = [
  [81, 1_000],
  [2_217, 2_000],
  [3_002, 2_000],
  [7_000, 2_000],
  [7_062, 2_000],
  [50_041, 400],
] as const;
/** Each wrong world must be found out within so many seeds. */
const MUTATION_SEEDS = 40;

async function resultsOf(runs: readonly RunOptions[]): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  await runSeeds(runs, (result) => results.push(result));
  return results.sort((one, other) => one.seed - other.seed);
}

test(
  `${SEEDS} clusters of ${COMMANDS} commands each lose nothing, do nothing twice, and live again`,
  async () => {
    const summary = emptySummary();
    const wrong: string[] = [];
    const begunMs = performance.now();
    const runs = Array.from({ length: SEEDS }, (_, place) => ({ seed: place + 1, commands: COMMANDS }));
    await runSeeds(runs, (result) => {
      addRun(summary, result);
      const again = `npm run -s simulate:cluster -- --seed ${result.seed} --commands ${COMMANDS} --trace`;
      for (const violation of result.violations) wrong.push(`${violation} (${again})`);
    });
    summary.seconds = (performance.now() - begunMs) / 1_000;
    process.stdout.write(`${tableOf(summary)}\n`);
    expect(wrong).toEqual([]);
    // A run without faults would prove nothing.
    expect(summary.takeOvers).toBeGreaterThan(SEEDS);
    expect(Math.min(...Object.values(summary.faults))).toBeGreaterThan(SEEDS / 50);
  },
  TIMEOUT_MS,
);

test('seeds that were wrong once are right', async () => {
  const runs = WRONG_ONCE.map(([seed, commands]) => ({ seed, commands }));
  const wrong = (await resultsOf(runs)).map(({ seed, violations }) => ({ seed, violations }));
  expect(wrong).toEqual(wrong.map(({ seed }) => ({ seed, violations: [] })));
}, 600_000);

test('a seed is a run, to the last event', async () => {
  const seeds = [3, 4, 5];
  const once = await resultsOf(seeds.map((seed) => ({ seed, commands: 300 })));
  const again = await resultsOf(seeds.map((seed) => ({ seed, commands: 300 })).reverse());
  expect(again.map(({ hash, events }) => [hash, events])).toEqual(once.map(({ hash, events }) => [hash, events]));
  expect(new Set(once.map(({ hash }) => hash)).size).toBe(seeds.length);
});

test.each(Object.keys(MUTATIONS) as MutationName[])(
  `the checker finds within ${MUTATION_SEEDS} seeds that something is wrong: %s`,
  async (mutation) => {
    const found: number[] = [];
    for (let seed = 1; seed <= MUTATION_SEEDS && found.length === 0; seed += 2) {
      const runs = [seed, seed + 1].map((each) => ({ seed: each, commands: 600, mutation }));
      for (const result of await resultsOf(runs)) if (result.violations.length > 0) found.push(result.seed);
    }
    expect(found.length, `${mutation} was not found`).toBeGreaterThan(0);
  },
  900_000,
);
