import { endLeftovers } from '@keel/test-servers';
import { readOptions } from '../readOptions.ts';
import type { Row, RowResult } from './row.ts';
import { ROWS } from './rows.ts';

/** Plays rows of the table of faults, by default each as often as CI does, and prints what was measured. */
const options = readOptions('faults', {
  /** Names of rows with commas between. */
  rows: { type: 'string', default: ROWS.map(({ name }) => name).join(',') },
  /** Of kill-leader. */
  kills: { type: 'string' },
  /** Of every other row. */
  times: { type: 'string' },
  json: { type: 'boolean' },
});

const rows = options.rows.split(',').map((name) => {
  const row = ROWS.find((each) => each.name === name);
  if (row === undefined) stop(`There is no row ${name}, only ${ROWS.map((each) => each.name).join(', ')}.`);
  return row as Row;
});

// However this ends, the processes that it started end with it.
process.on('exit', endLeftovers);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

const results: (RowResult & { readonly seconds: number })[] = [];
for (const row of rows) {
  const text = row.name === 'kill-leader' ? options.kills : options.times;
  const count = text === undefined ? row.count : Number(text);
  if (!Number.isSafeInteger(count) || count < 1) stop(`${text} is no number of times.`);
  const begunMs = performance.now();
  const played = await row
    .run({ count, progress: (done, of, what) => process.stderr.write(`${row.name}: ${done} of ${of}, ${what}\n`) })
    // The rows after it are played all the same, and those before it are not lost.
    .catch((fault: unknown) => ({ row: row.name, done: 'came to no end', figures: {}, faults: [String(fault)] }));
  const result = { ...played, seconds: Math.round((performance.now() - begunMs) / 1_000) };
  results.push(result);
  if (!options.json) process.stdout.write(`${lineOf(result)}\n`);
}
if (options.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
// A row that came to no end may have left its load running.
process.exit(results.some(({ faults }) => faults.length > 0) ? 1 : 0);

function lineOf({ row, done, figures, faults, seconds }: (typeof results)[number]): string {
  const verdict = faults.length === 0 ? 'ok    ' : 'FAILED';
  const texts = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  return [`${verdict}  ${row.padEnd(16)} ${seconds} s  ${done}`, `          ${texts.join(', ')}`, ...faults].join('\n');
}

function stop(sentence: string): never {
  process.stderr.write(`faults: ${sentence}\n`);
  return process.exit(2);
}
