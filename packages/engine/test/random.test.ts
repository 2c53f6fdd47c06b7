import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Auditor } from './auditor.ts';
import { runSteps, steps } from './randomTrading.ts';

/** The seed is printed on failure: KEEL_TEST_SEED=n runs it again, KEEL_TEST_SHRINK=1 also looks for the shortest plan. */
test('whatever traders and prices do, the auditor agrees after every command', () => {
  const seen = { fills: 0, liquidations: 0, closeOuts: 0, deleveraged: 0, insured: 0, endedAtZero: 0 };
  fc.assert(
    fc.property(steps(500), (plan) => {
      const auditor = new Auditor();
      runSteps(plan, auditor);
      for (const kind of Object.keys(seen) as (keyof typeof seen)[]) seen[kind] += auditor.counts[kind];
    }),
    {
      numRuns: 60,
      seed: Number(process.env.KEEL_TEST_SEED ?? 20_261),
      endOnFailure: process.env.KEEL_TEST_SHRINK === undefined,
    },
  );
  console.info('seen by the auditor:', JSON.stringify(seen));
  // Without these the property would not have met what it is about.
  for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(0);
}, 120_000);
