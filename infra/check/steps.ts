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
    args: ['ci', '--colors=off', '.'],
    mend: 'npm run format',
  },
  {
    name: 'lint',
    title: 'lint with types (oxlint)',
    folder: '.',
    command: 'oxlint',
    args: ['--type-aware', '--deny-warnings'],
  },
  {
    name: 'proto-fresh',
    title: 'messages: generated code fresh',
    folder: 'proto',
    command: 'pnpm',
    args: ['run', 'stale'],
    mend: 'npm run proto:generate',
  },
  { name: 'proto-lint', title: 'messages: buf lint', folder: 'proto', command: 'pnpm', args: ['run', 'lint'] },
  {
    name: 'proto-breaking',
    title: 'messages: buf breaking',
    folder: 'proto',
    command: 'pnpm',
    args: ['run', 'breaking'],
    mend: 'a new message set that old journals cannot be read with needs a new package version',
  },
  {
    name: 'types',
    title: 'types (tsc)',
    folder: '.',
    command: 'turbo',
    args: ['run', 'check', '--continue', '--output-logs=errors-only'],
  },
  { name: 'boundaries', title: 'import rules (turbo boundaries)', folder: '.', command: 'turbo', args: ['boundaries'] },
  {
    name: 'forge',
    title: 'contracts: forge test',
    folder: 'packages/contracts',
    command: 'pnpm',
    args: ['exec', 'forge', 'test'],
    countedBy: 'forge',
  },
  {
    name: 'abi',
    title: 'contracts: ABI snapshot fresh',
    folder: 'packages/contracts',
    command: 'pnpm',
    args: ['exec', 'node', 'script/writeAbi.ts', '--check'],
    mend: 'npm run abi',
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
