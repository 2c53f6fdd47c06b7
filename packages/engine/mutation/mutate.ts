/**
 * Changes the engine in one small way after another, runs the quick tests each time, and says which changes none of them
 * noticed.
 *
 *   npm run -s mutate -- [--json] [PATH...]
 *
 * PATH is a folder or file of the engine, as src/book; without one it is all of src. Nothing in the work tree is changed.
 * The score is the part of the mutants that a test noticed; one that never ends counts as noticed. Ends with 0 whatever it is.
 */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

const ENGINE = resolve(import.meta.dirname, '..');
const STATUSES = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError'] as const;
const UNNOTICED: readonly string[] = ['Survived', 'NoCoverage'] satisfies readonly Mutant['status'][];

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const paths = (positionals.length === 0 ? ['src'] : positionals).map((path) => path.replace(/^packages\/engine\//, ''));
const stranger = paths.find((path) => !/^src(\/|$)/.test(path) || !existsSync(join(ENGINE, path)));
if (stranger !== undefined) {
  process.stderr.write(`mutate: there is no ${stranger} in the engine; give folders or files below src\n`);
  process.exit(2);
}

// It takes hours of a core; whoever works on this machine meanwhile should not notice.
setPriority(constants.priority.PRIORITY_LOW);
process.chdir(ENGINE);
// The copy that is changed; Stryker leaves it there when a signal ends it.
const copy = `../../.keel/mutation/${process.pid}`;
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
const mutants = await new Stryker({
  configFile: 'mutation/stryker.json',
  tempDirName: copy,
  mutate: paths.map((path) => (statSync(path).isDirectory() ? `${path.replace(/\/$/, '')}/**/*.ts` : path)),
  reporters: values.json ? [] : ['progress-append-only'],
}).runMutationTest();
const tried = mutants.filter(({ status }) => status !== 'Ignored');
process.stdout.write(`${(values.json ? jsonLines(tried) : table(tried)).join('\n')}\n`);

/** A line per folder and one for all, then a line per mutant that nobody noticed. */
function jsonLines(all: readonly Mutant[]): readonly string[] {
  const folders = byFolder(all).map(([folder, some]) => ({ folder, ...counts(some), score: score(some) }));
  const unnoticed = all.filter(({ status }) => UNNOTICED.includes(status)).map(described);
  return [...folders, ...unnoticed].map((line) => JSON.stringify(line));
}

function table(all: readonly Mutant[]): readonly string[] {
  const headings = ['folder', 'mutants', 'killed', 'timeout', 'survived', 'uncovered', 'errors', 'score'];
  const rows = byFolder(all).map(([folder, some]) => [
    folder,
    String(some.length),
    ...Object.values(counts(some)).map(String),
    `${score(some).toFixed(1)} %`,
  ]);
  const unnoticed = all.filter(({ status }) => UNNOTICED.includes(status)).map(described);
  return [
    ...[headings, ...rows].map(([folder = '', ...cells]) => folder.padEnd(24) + cells.map(right).join('')),
    '',
    ...unnoticed.map(({ at, mutator, code, became }) => `${at} ${mutator}: ${code} -> ${became}`),
  ];
}

function right(cell: string): string {
  return cell.padStart(10);
}

/** Mutants by the folder of their file; the last entry is all of them. */
function byFolder(all: readonly Mutant[]): readonly (readonly [string, readonly Mutant[]])[] {
  const folderOf = ({ fileName }: Mutant): string => placeOf(fileName).split('/').slice(0, -1).join('/');
  const folders = [...new Set(all.map(folderOf))].sort();
  return [...folders.map((folder) => [folder, all.filter((each) => folderOf(each) === folder)] as const), ['all', all]];
}

function counts(some: readonly Mutant[]): Readonly<Record<string, number>> {
  return Object.fromEntries(STATUSES.map((each) => [each, some.filter(({ status }) => status === each).length]));
}

/** Percent of the mutants that were noticed, to one decimal; those that could not be run are left out. */
function score(some: readonly Mutant[]): number {
  const unnoticed = some.filter(({ status }) => UNNOTICED.includes(status)).length;
  const run = some.filter(({ status }) => status !== 'RuntimeError').length;
  return run === 0 ? 100 : Math.round(((run - unnoticed) / run) * 1_000) / 10;
}

function described({ fileName, location: { start, end }, status, mutatorName, replacement }: Mutant) {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  const last = lines.length - 1;
  const text = lines.map((line, place) =>
    line.slice(place === 0 ? start.column - 1 : 0, place === last ? end.column - 1 : line.length),
  );
  return {
    at: `${placeOf(fileName)}:${start.line}:${start.column}`,
    status,
    mutator: mutatorName,
    code: flat(text.join(' ')),
    became: flat(replacement ?? ''),
  };
}

function placeOf(fileName: string): string {
  return relative(ENGINE, resolve(ENGINE, fileName));
}

function flat(code: string): string {
  return code.replace(/\s+/g, ' ');
}
