/**
 * The whole engine under the orders of makers and takers: apply with margin, fees and positions, and every event
 * encoded to bytes. One row per number of accounts and markets, each in a process of its own.
 *
 *   npm run -s bench:engine -- [--json] [--seconds 10] [--accounts N] [--markets N] [--evenly] [--seed 1]
 *
 * 49 % limit orders near the middle, 45 % cancels, 5 % marketable, 1 % index updates. 500 makers send nearly all limit orders,
 * takers are drawn from all accounts; `--evenly` makes every account as busy as every other, the hardest case for caches (the
 * last row). 50,000 orders rest in all. `--seconds 60` is long enough to see the longest pause. Naming accounts or markets measures
 * that one row.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readOptions } from '../../readOptions.ts';
import type { EngineRow } from './measureRow.ts';

const values = readOptions('bench:engine', {
  json: { type: 'boolean', default: false },
  seconds: { type: 'string', default: '10' },
  accounts: { type: 'string' },
  markets: { type: 'string' },
  evenly: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
});
const ROWS = [
  [10_000, 10, false],
  [100_000, 10, false],
  [1_000_000, 10, false],
  [10_000, 1, false],
  [10_000, 50, false],
  [10_000, 200, false],
  [10_000, 10, true],
] as const;
/** A million accounts take a few gigabytes. */
const HEAP_MB = 12_288;

const one = values.accounts !== undefined || values.markets !== undefined;
const single = [Number(values.accounts ?? 10_000), Number(values.markets ?? 10), values.evenly] as const;
const rows = one || values.evenly ? [single] : ROWS;
if (!values.json) process.stdout.write(`${headings()}\n`);
for (const [accounts, markets, evenly] of rows) {
  const line = await measure(accounts, markets, evenly);
  process.stdout.write(`${values.json ? line : columns(JSON.parse(line) as EngineRow)}\n`);
}

/** The JSON line of one row. Rejects when its process fails. */
function measure(accounts: number, markets: number, evenly: boolean): Promise<string> {
  const program = join(import.meta.dirname, 'measureRow.ts');
  const flags = ['--expose-gc', `--max-old-space-size=${HEAP_MB}`];
  const args = [...flags, program, String(accounts), String(markets), values.seconds, values.seed];
  if (evenly) args.push('evenly');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(output.trim())
        : reject(new Error(`${accounts} accounts, ${markets} markets: exit code ${code}`)),
    );
  });
}

function headings(): string {
  return [
    'accounts',
    'markets',
    'commands/s',
    'per cpu s',
    'p50 ns',
    'p99 ns',
    'p99.9 ns',
    'pause ms',
    'B/command',
    'heap MB',
  ]
    .map((name) => name.padStart(10))
    .join(' ');
}

function columns(row: EngineRow): string {
  const {
    accounts,
    markets,
    commandsPerSec,
    commandsPerCpuSec,
    p50ns,
    p99ns,
    p999ns,
    maxPauseMs,
    allocBytesPerCommand,
    heapMb,
  } = row;
  return [
    accounts,
    markets,
    commandsPerSec,
    commandsPerCpuSec,
    p50ns,
    p99ns,
    p999ns,
    maxPauseMs,
    allocBytesPerCommand,
    heapMb,
  ]
    .map((figure) => figure.toLocaleString('en').padStart(10))
    .join(' ');
}
