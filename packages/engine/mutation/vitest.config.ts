import { defineConfig } from 'vitest/config';

/** The tests that a mutant has to get past. They run once for each of thousands, so the longest random ones are left out. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The flood counts the steps of the code as it is written; in a copy full of mutants there are others.
    exclude: ['test/random.test.ts', 'test/watchAccount.test.ts', 'test/flood.test.ts'],
    setupFiles: ['mutation/endOnFailure.ts'],
    env: { KEEL_TEST_RUNS: '1' },
    // Tests of the engine share nothing but its code; a process for each file would take longer than they do.
    isolate: false,
    testTimeout: 60_000,
  },
});
