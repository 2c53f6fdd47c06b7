/**
 * How long a price update takes, by how many positions are open and how many it makes due for liquidation.
 *
 *   npm run -s bench:liquidation -- [--json] [--positions N] [--liquidated N]
 *
 * 1,000, 100,000 and 1,000,000 long positions of as many accounts, with none, 10 and 1,000 of them close to their
 * maintenance margin; a row is a process of its own. Naming positions or liquidated measures that one row.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readOptions } from '../../readOptions.ts';
import type { LiquidationRow } from './measureLiquidation.ts';

const values = readOptions('bench:liquidation', {
  json: { type: 'boolean', default: false },
  positions: { type: 'string' },
  liquidated: { type: 'string' },
});
const POSITIONS = [1_000, 100_000, 1_000_000];
const LIQUIDATED = [0, 10, 1_000];
/** A million accounts take a few gigabytes. */
const HEAP_MB = 12_288;
const HEADINGS = ['positions', 'liquidated', 'p50 ms', 'p99 ms', 'updates', 'to end', 'ms to end', 'heap MB'];

const positions = values.positions === undefined ? POSITIONS : [Number(values.positions)];
const liquidated = values.liquidated === undefined ? LIQUIDATED : [Number(values.liquidated)];
if (!values.json) process.stdout.write(`${line(HEADINGS)}\n`);
for (const open of positions) {
  for (const weak of liquidated) {
    const json = await measure(open, weak);
    process.stdout.write(`${values.json ? json : columns(JSON.parse(json) as LiquidationRow)}\n`);
  }
}

/** The JSON line of one row. Rejects when its process fails. */
function measure(open: number, weak: number): Promise<string> {
  const program = join(import.meta.dirname, 'measureLiquidation.ts');
  const args = ['--expose-gc', `--max-old-space-size=${HEAP_MB}`, program, String(open), String(weak)];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output.trim()) : reject(new Error(`${open} positions, ${weak} weak: exit code ${code}`)),
    );
  });
}

function columns(row: LiquidationRow): string {
  const { openPositions, p50ms, p99ms, updates, commandsToEnd, msToEnd, heapMb } = row;
  return line([openPositions, row.liquidated, p50ms, p99ms, updates, commandsToEnd, msToEnd, heapMb].map(String));
}

function line(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(10)).join(' ');
}
