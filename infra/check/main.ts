import { mkdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { countForge, countVitest, type Tally, tallyOf } from './countTests.ts';
import { type CheckOptions, HELP, readCheckOptions } from './options.ts';
import { runStep, type StepCommand, type StepRun } from './runStep.ts';
import { STEPS, type Step } from './steps.ts';

/** Lines of a failed step's output shown on the screen; all of it is in the log. */
const SHOWN_LINES = 120;

const repository = resolve(import.meta.dirname, '..', '..');
const logFolder = join(repository, '.keel', 'test');
const reportPath = join(logFolder, 'vitest.json');

interface Result {
  readonly step: Step;
  readonly run: StepRun;
  readonly tally: Tally;
}

function commandOf(step: Step, options: CheckOptions): StepCommand {
  const vitest = step.countedBy === 'vitest';
  const reporters = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', reportPath, ...options.files];
  return {
    ...step,
    folder: join(repository, step.folder),
    args: vitest ? [...step.args, ...reporters] : step.args,
    env: { ...process.env, NO_COLOR: '1', ...(options.long ? { KEEL_LONG: '1' } : {}) },
    live: vitest,
  };
}

async function runOne(step: Step, options: CheckOptions, stop: AbortSignal): Promise<Result> {
  const command = commandOf(step, options);
  const run = await runStep(command, logFolder, stop);
  const counted = { vitest: () => countVitest(reportPath), forge: () => countForge(run.output) };
  const tally = tallyOf(run.exitCode, step.countedBy === undefined ? undefined : counted[step.countedBy]());
  if (tally.failed > 0 && !command.live) {
    process.stdout.write(`${run.output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n')}\n`);
  }
  process.stdout.write(`keel: ${step.title}: ${tally.failed === 0 ? 'passed' : 'FAILED'} in ${run.seconds} s\n`);
  if (tally.failed > 0) {
    process.stdout.write(`keel: the whole output is in ${relative(repository, run.logPath)}\n`);
    if (step.mend !== undefined) process.stdout.write(`keel: if that was expected, this mends it: ${step.mend}\n`);
  }
  return { step, run, tally };
}

function printSummary(results: readonly Result[]): boolean {
  process.stdout.write('\n');
  const width = Math.max(...results.map(({ step }) => step.title.length));
  for (const { step, run, tally } of results) {
    const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
    const verdict = tally.failed === 0 ? 'ok    ' : 'FAILED';
    const counts = `${tally.passed} passed, ${tally.failed} failed${skipped}`;
    process.stdout.write(`  ${step.title.padEnd(width)}  ${`${run.seconds} s`.padStart(6)}  ${verdict}  ${counts}\n`);
  }
  const sum = (of: (tally: Tally) => number): number => results.reduce((total, { tally }) => total + of(tally), 0);
  const failed = sum((tally) => tally.failed);
  const skipped = sum((tally) => tally.skipped);
  process.stdout.write(
    `\n${sum((tally) => tally.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
  );
  return failed === 0;
}

const options = readCheckOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`keel: ${options}\n`);
  process.exitCode = 2;
} else if (options.help) {
  process.stdout.write(HELP);
} else {
  mkdirSync(logFolder, { recursive: true });
  rmSync(reportPath, { force: true });
  const results: Result[] = [];
  const wanted = STEPS.filter((step) => options.only.length === 0 || options.only.includes(step.name));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  for (const step of wanted) {
    if (!stop.signal.aborted) results.push(await runOne(step, options, stop.signal));
  }
  const passed = printSummary(results);
  if (stop.signal.aborted) process.stdout.write('keel: asked to stop; not everything was checked\n');
  process.exitCode = passed && !stop.signal.aborted ? 0 : 1;
}
