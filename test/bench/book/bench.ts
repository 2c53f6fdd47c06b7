/**
 * How fast the order book is, against a yardstick that can do nothing else and against books from npm.
 *
 *   npm run -s bench:book -- [--flow FILE.nof] [--rounds 7] [--seed 1] [--peers prefix|full|none] [--json]
 *
 * Without --flow: balanced, cancel, sweep and thin, made by seed. Each flow is played by a process of its own, all books
 * of it in turns. Ends with 1 when a book comes to other trades than the flow says.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readOptions } from '../../readOptions.ts';
import { SHAPES } from './makeFlow.ts';
import type { Figures } from './measureFlow.ts';

const values = readOptions('bench:book', {
  flow: { type: 'string' },
  rounds: { type: 'string', default: '7' },
  seed: { type: 'string', default: '1' },
  peers: { type: 'string', default: 'prefix' },
  json: { type: 'boolean', default: false },
});
if (!['prefix', 'full', 'none'].includes(values.peers)) {
  process.stderr.write(`bench:book: --peers is prefix, full or none, not "${values.peers}"\n`);
  process.exit(2);
}
if (values.flow !== undefined && !existsSync(values.flow)) {
  process.stderr.write(`bench:book: there is no ${values.flow}\n`);
  process.exit(2);
}

const sources =
  values.flow === undefined ? Object.keys(SHAPES).map((name) => ['--make', name]) : [['--flow', values.flow]];
if (!values.json) process.stdout.write(`${headings()}\n`);
for (const source of sources) {
  const figures = measureInProcess(source);
  process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `${rows(figures).join('\n')}\n`);
  if (!figures.right || figures.peers.some(({ agrees }) => !agrees)) process.exitCode = 1;
}

/** 64 MiB of new space: a collection would hide what was allocated. */
function measureInProcess(source: readonly string[]): Figures {
  const program = new URL('measureFlow.ts', import.meta.url).pathname;
  const settings = ['--rounds', values.rounds, '--seed', values.seed, '--peers', values.peers];
  const child = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-semi-space-size=64', program, ...source, ...settings],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
  );
  if (child.error !== undefined) throw child.error;
  if (child.status !== 0) process.exit(child.status ?? 1);
  return JSON.parse(child.stdout) as Figures;
}

function headings(): string {
  return row([
    'flow',
    'book',
    'M ops/s',
    '(min-max)',
    'ratio',
    '(min-max)',
    'p50/p99/p99.9 ns',
    'B/order',
    'B/op',
    'trades',
  ]);
}

/** Millions of operations per second; the ratio is the book's rate over the one of this line. */
function rows(figures: Figures): readonly string[] {
  const millions = (rate: number): string => (rate / 1e6).toFixed(rate < 1e6 ? 3 : 1);
  const range = ([low, high]: readonly [number, number], tell: (rate: number) => string): string =>
    `(${tell(low)}-${tell(high)})`;
  const { p50ns, p99ns, p999ns, clockNs } = figures;
  const times = `${p50ns}/${p99ns}/${p999ns} (clock ${clockNs})`;
  const answer = figures.right ? `${figures.h1} ${figures.h2} right` : `${figures.h1} ${figures.h2} WRONG`;
  return [
    row([
      figures.flow,
      'Keel',
      millions(figures.opsPerSec),
      range(figures.opsPerSecRange, millions),
      '1',
      '',
      times,
      String(figures.bytesPerOrder),
      String(figures.allocBytesPerOp),
      answer,
    ]),
    row([
      '',
      'yardstick',
      millions(figures.yardstickOpsPerSec),
      range(figures.yardstickOpsPerSecRange, millions),
      figures.ratio.toFixed(2),
      range(figures.ratioRange, (ratio) => ratio.toFixed(2)),
    ]),
    ...figures.peers.map((peer) =>
      row([
        '',
        peer.name,
        millions(peer.opsPerSec),
        `first ${peer.operations}`,
        String(peer.ratio),
        `Keel ${millions(peer.bookOpsPerSec)}`,
        '',
        '',
        '',
        peer.agrees ? 'agrees' : 'DISAGREES',
      ]),
    ),
  ];
}

function row(cells: readonly string[]): string {
  const widths = [9, 21, 8, 15, 6, 13, 30, 8, 6];
  return cells
    .map((cell, place) => cell.padEnd(widths[place] ?? 0))
    .join(' ')
    .trimEnd();
}
