import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type SplitCode, splitCode } from './splitCode.ts';

/** One text file of the repository, split into what the compiler reads and what people read. */
export interface Source extends SplitCode {
  /** From the top of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A broken rule: where, and what to do instead. */
export interface Finding {
  readonly path: string;
  /** Counted from 1; 0 when the file as a whole is meant. */
  readonly line: number;
  readonly mend: string;
}

export type Rule = (sources: readonly Source[]) => readonly Finding[];

export const repository = resolve(import.meta.dirname, '..', '..');

/** Made by tools, fetched, or state of a running devnet: nobody's prose. */
const UNREAD_FOLDERS = new Set([
  'node_modules',
  '.git',
  '.keel',
  '.turbo',
  'dist',
  'coverage',
  'gen',
  'out',
  'cache',
  'abi',
]);
const READ_ENDINGS =
  /\.(ts|tsx|mjs|cjs|js|json|md|yaml|yml|proto|sol|lua|css|html|toml|sh)$|(^|\/)(\.npmrc|\.ci\/run|\.gitignore)$/;
const UNREAD_FILES = new Set(['pnpm-lock.yaml']);

/** Every file of the repository that a person wrote, in order of path. */
export function readSources(folder = repository): readonly Source[] {
  return pathsBelow(folder)
    .map((path) => relative(folder, path).split(sep).join('/'))
    .filter((path) => READ_ENDINGS.test(path) && !UNREAD_FILES.has(path))
    .map((path) => makeSource(path, readFileSync(join(folder, path), 'utf8')));
}

/** A source from its text; also how a test makes a bad example. */
export function makeSource(path: string, text: string): Source {
  return { path, text, ...splitCode(text) };
}

function pathsBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !UNREAD_FOLDERS.has(entry.name));
  return entries
    .flatMap((entry) => (entry.isDirectory() ? pathsBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/** A finding for each match of the pattern in a text that has the lines of the source. */
export function findingsOf(source: Source, text: string, pattern: RegExp, mend: string): readonly Finding[] {
  return [...text.matchAll(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))].map((match) => ({
    path: source.path,
    line: text.slice(0, match.index).split('\n').length,
    mend,
  }));
}

/** Findings as lines that an editor can jump to. */
export function report(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ path, line, mend }) => `${path}${line > 0 ? `:${line}` : ''} ${mend}`);
}
