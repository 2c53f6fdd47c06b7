import { expect, test } from 'vitest';
import { ROWS } from './rows.ts';

/** A row that ends late goes on beside the next one and spoils it, so this is far beyond what any takes. */
const LIMIT_MS = 1_200_000;

test.each(ROWS)('$name', { timeout: LIMIT_MS }, async (row) => {
  const result = await row.run({ count: row.count, progress: () => undefined });
  process.stdout.write(`${result.row}: ${result.done}, ${JSON.stringify(result.figures)}\n`);
  expect(result.faults).toEqual([]);
});
