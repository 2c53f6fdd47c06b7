import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { countForge, countVitest, tallyOf } from '../check/countTests.ts';
import { readCheckOptions } from '../check/options.ts';

const folder = mkdtempSync(join(tmpdir(), 'keel-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a step that does not count itself is one check', () => {
  expect(tallyOf(0, undefined)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(tallyOf(3, undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('an exit code is never talked away', () => {
  expect(tallyOf(1, { passed: 9, failed: 0, skipped: 1 })).toEqual({ passed: 9, failed: 1, skipped: 1 });
});

test("forge's closing line", () => {
  const output = 'Ran 7 test suites in 2.5s: 54 tests passed, 2 failed, 1 skipped (57 total tests)\n';
  expect(countForge(output)).toEqual({ passed: 54, failed: 2, skipped: 1 });
  expect(countForge('Compiler run failed')).toBeUndefined();
});

test("vitest's report, with a file that could not be loaded", () => {
  const path = join(folder, 'report.json');
  const totals = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0 };
  const failed = { status: 'failed', assertionResults: [{ status: 'failed' }] };
  const unloaded = { status: 'failed', assertionResults: [] };
  writeFileSync(path, JSON.stringify({ ...totals, testResults: [failed, unloaded] }));
  expect(countVitest(path)).toEqual({ passed: 5, failed: 2, skipped: 2 });
  expect(countVitest(join(folder, 'none.json'))).toBeUndefined();
});

test('files alone mean vitest alone', () => {
  expect(readCheckOptions(['packages/engine'])).toMatchObject({ only: ['vitest'], files: ['packages/engine'] });
  expect(readCheckOptions(['--only', 'forge', '--long'])).toMatchObject({ only: ['forge'], long: true });
  expect(readCheckOptions(['--only', 'everything'])).toMatch(/There is no step "everything"/);
});
