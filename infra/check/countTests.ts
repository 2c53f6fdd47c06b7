import { existsSync, readFileSync } from 'node:fs';

/** How many checks a step made. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What vitest's JSON report tells, as far as it is read here. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * The tally of a step from its exit code and, where it counts itself, its report. A step that failed without naming a
 * failed test (it could not load a file, it crashed) counts as one failure: an exit code is never talked away.
 */
export function tallyOf(exitCode: number, counted: Tally | undefined): Tally {
  const tally = counted ?? { passed: exitCode === 0 ? 1 : 0, failed: 0, skipped: 0 };
  if (exitCode !== 0 && tally.failed === 0) return { ...tally, failed: 1 };
  return tally;
}

/** Counts vitest's tests from its JSON report; undefined when vitest died before writing one. */
export function countVitest(reportPath: string): Tally | undefined {
  if (!existsSync(reportPath)) return undefined;
  const report = JSON.parse(readFileSync(reportPath, 'utf8')) as VitestReport;
  // A file that could not be loaded has no tests in it to fail, so it is counted itself.
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Counts forge's tests from its closing line; undefined when it never came to one. */
export function countForge(output: string): Tally | undefined {
  const closing = /(\d+) tests? passed, (\d+) failed, (\d+) skipped \(\d+ total/.exec(output);
  if (closing === null) return undefined;
  return { passed: Number(closing[1]), failed: Number(closing[2]), skipped: Number(closing[3]) };
}
