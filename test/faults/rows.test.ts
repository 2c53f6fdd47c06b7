import { expect, test } from 'vitest';
import { ROWS } from './rows.ts';

/** Most of it is the time that other tests on the same two cores take. */
const LIMIT_MS = 240_000;

test.each(ROWS)('$name', { timeout: LIMIT_MS }, async (row) => {
  const result = await row.run({ count: row.count, progress: () => undefined });
  process.stdout.write(`${result.row}: ${result.done}, ${JSON.stringify(result.figures)}\n`);
  expect(result.faults).toEqual([]);
});
