/**
 * Whole lives of a cluster in one thread, with every fault there is, and a checker that knows nothing of the code.
 *
 *   npm run -s simulate:cluster -- [--seeds 2000] [--commands 2000] [--from 1] [--workers 2] [--json]
 *   npm run -s simulate:cluster -- --seed 17 [--commands 2000] [--trace]
 *
 * Each seed is another cluster with other faults; the same seed is the same run to the last event. `--trace` prints what
 * happened in it. Ctrl-C begins no more runs and tells what came of those that were. Exit code 1 when a run is wrong.
 */
import { readOptions } from '../readOptions.ts';
import { runSeeds } from './runSeeds.ts';
import type { RunResult } from './runSimulation.ts';
import { addRun, emptySummary, tableOf } from './summary.ts';

const TELL_EVERY_MS = 5_000;

const values = readOptions('simulate:cluster', {
  seeds: { type: 'string', default: '2000' },
  commands: { type: 'string', default: '2000' },
  from: { type: 'string', default: '1' },
  workers: { type: 'string', default: '2' },
  seed: { type: 'string' },
  trace: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
});
const commands = Number(values.commands);
const from = Number(values.seed ?? values.from);
const seeds = values.seed === undefined ? Number(values.seeds) : 1;
const runs = Array.from({ length: seeds }, (_, place) => ({ seed: from + place, commands, trace: values.trace }));
const summary = emptySummary();
const begunMs = performance.now();
let toldMs = begunMs;

const note = (result: RunResult): void => {
  addRun(summary, result);
  if (values.trace) process.stdout.write(`${result.lines.join('\n')}\n`);
  if (result.violations.length > 0) process.stderr.write(`${tellFailure(result, commands)}\n`);
  if (performance.now() - toldMs < TELL_EVERY_MS) return;
  toldMs = performance.now();
  const perSecond = (summary.runs * 1_000) / (toldMs - begunMs);
  process.stderr.write(
    `${summary.runs} of ${seeds} runs, ${summary.failed} failed, ${perSecond.toFixed(1)} a second\n`,
  );
};
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
await runSeeds(runs, note, Number(values.workers), stopping.signal);
summary.seconds = (performance.now() - begunMs) / 1_000;
process.stdout.write(`${values.json ? JSON.stringify(summary) : tableOf(summary)}\n`);
process.exitCode = summary.failed > 0 ? 1 : 0;

function tellFailure({ seed, violations }: RunResult, ofCommands: number): string {
  const again = `npm run -s simulate:cluster -- --seed ${seed} --commands ${ofCommands} --trace`;
  return [`seed ${seed} is wrong:`, ...violations.map((line) => `  ${line}`), `  see it again: ${again}`].join('\n');
}
