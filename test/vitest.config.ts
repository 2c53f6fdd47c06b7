import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** These take every core there is, one with two threads and one with a cluster of processes whose silences are measured. */
const ALONE = ['test/simulation/', 'test/faults/'];

/** Groups run one after the other; what is in none of the folders of another runs with the rest. */
function group(
  name: string,
  groupOrder: number,
  folders: readonly string[],
  not: readonly string[],
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: folders.map((folder) => `${folder}**/*.test.ts`),
      exclude: ['**/node_modules/**', '**/dist/**', ...not.map((folder) => `${folder}**`)],
      sequence: { groupOrder },
    },
  };
}

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    projects: [
      group('rest', 0, ['packages/*/test/', 'services/*/test/', 'proto/test/', 'infra/test/', 'test/'], ALONE),
      ...ALONE.map((folder, place) => group(folder.split('/')[1] as string, place + 1, [folder], [])),
    ],
    setupFiles: [new URL('endLeftovers.ts', import.meta.url).pathname],
    // Tests start real servers; more files at a time than the smallest machine has cores only makes them wait.
    maxWorkers: 2,
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
  },
});
