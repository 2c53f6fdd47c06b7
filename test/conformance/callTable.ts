import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Rows of one client's table: what was called, what of the answer was checked. */
export interface CallTable {
  /** A test of its own, and a row once it has passed. */
  check(call: string, checked: string, run: () => Promise<void>, timeoutMs?: number): void;
  /** The last test of a file: prints the rows that passed; the README's table under the same title must be exactly those. */
  holdReadme(): void;
}

const CHECK_MS_MAX = 60_000;

export function callTable(title: string): CallTable {
  const passed: string[] = [];
  return {
    check: (call, checked, run, timeoutMs = CHECK_MS_MAX) => {
      test(
        `${call}: ${checked}`,
        async () => {
          await run();
          passed.push(`| \`${call}\` | ${checked} |`);
        },
        timeoutMs,
      );
    },
    holdReadme: () => {
      test('the README has the rows that passed, and no other', () => {
        process.stdout.write(`\n${title}: ${passed.length} rows pass\n${passed.join('\n')}\n`);
        expect(rowsOfReadme(title)).toEqual(passed);
      });
    },
  };
}

/** The rows below `### title`, without the spaces that line them up. */
function rowsOfReadme(title: string): readonly string[] {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split(`### ${title}\n`);
  const [own = ''] = section.split(/^##/m);
  return own
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.replaceAll(/ +/g, ' '));
}
