/** One thing that `npm test` does. Paths are relative to the repository. */
export interface Step {
  readonly name: string;
  /** What is said when it passes or fails. */
  readonly title: string;
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  /** How the step counts itself in its output; a step without it counts as one check. */
  readonly countedBy?: 'vitest' | 'forge';
  /** What mends a failure, when one command does. */
  readonly mend?: string;
}

/** The steps in order: the quick and telling ones first, so that a mistake of spelling costs seconds. */
export const STEPS: readonly Step[] = [
  {
    name: 'format',
    title: 'format and lint (biome)',
    folder: '.',
    command: 'biome',
    args: ['ci', '.'],
    mend: 'pnpm format',
  },
  {
    name: 'lint',
    title: 'lint with types (oxlint)',
    folder: '.',
    command: 'oxlint',
    args: ['--type-aware', '--deny-warnings'],
  },
  {
    name: 'proto',
    title: 'messages: buf lint, buf breaking, generated code fresh',
    folder: 'proto',
    command: 'pnpm',
    args: ['run', 'test'],
    mend: 'pnpm --dir proto run generate',
  },
  {
    name: 'types',
    title: 'types (tsc)',
    folder: '.',
    command: 'turbo',
    args: ['run', 'check', '--output-logs=errors-only'],
  },
  { name: 'boundaries', title: 'import rules (turbo boundaries)', folder: '.', command: 'turbo', args: ['boundaries'] },
  {
    name: 'abi',
    title: 'contracts: ABI snapshot fresh',
    folder: 'packages/contracts',
    command: 'pnpm',
    args: ['run', 'abi:check'],
    mend: 'pnpm --dir packages/contracts run abi',
  },
  {
    name: 'forge',
    title: 'contracts: forge test',
    folder: 'packages/contracts',
    command: 'pnpm',
    args: ['run', 'test'],
    countedBy: 'forge',
  },
  {
    name: 'terminal',
    title: 'terminal page (vite build)',
    folder: 'services/terminal',
    command: 'pnpm',
    args: ['run', 'build'],
  },
  {
    name: 'vitest',
    title: 'tests (vitest)',
    folder: '.',
    command: 'vitest',
    args: ['run', '--config', 'test/vitest.config.ts'],
    countedBy: 'vitest',
  },
];
