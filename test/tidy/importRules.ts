import { dirname, join, normalize } from 'node:path/posix';
import type { Finding, Rule, Source } from './sources.ts';

const SCRIPT = /\.(ts|tsx|mjs|cjs)$/;
/** Files that something other than an import starts. */
const STARTED = /(\.test\.tsx?|\/main\.tsx?|\/index\.ts|\.config\.ts|\.d\.ts)$/;

const FROM = /\b(import|export)\s+(type\s)?[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g;
const BARE = /\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

interface Import {
  readonly target: string;
  readonly isType: boolean;
}

/** The files of the repository that this one imports by a relative path. */
function importsOf(source: Source): readonly Import[] {
  const text = source.text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/[^\n]*/gm, '');
  const spelled = [...text.matchAll(FROM)].map((match) => ({ name: match[3] ?? '', isType: match[2] !== undefined }));
  const bare = [...text.matchAll(BARE)].map((match) => ({ name: match[1] ?? '', isType: false }));
  return [...spelled, ...bare]
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name, isType }) => ({ target: normalize(join(dirname(source.path), name)), isType }));
}

/** Files whose imports come back to them; types alone do not count, they are gone when the code runs. */
export const importCycles: Rule = (sources) => {
  const scripts = sources.filter(({ path }) => SCRIPT.test(path));
  const graph = new Map(
    scripts.map((source) => [
      source.path,
      importsOf(source)
        .filter(({ isType }) => !isType)
        .map(({ target }) => target),
    ]),
  );
  const finished = new Set<string>();
  const findings: Finding[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) {
      const cycle = [...way.slice(start), path].join(' -> ');
      findings.push({ path, line: 0, mend: `imports itself: ${cycle}; move what both need into a file of its own` });
      return;
    }
    if (finished.has(path)) return;
    for (const target of graph.get(path) ?? []) walk(target, [...way, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return findings;
};

/** Files that nobody imports, starts or names. */
export const deadFiles: Rule = (sources) => {
  const scripts = sources.filter(({ path }) => SCRIPT.test(path));
  const imported = new Set(scripts.flatMap((source) => importsOf(source).map(({ target }) => target)));
  const isNamed = (path: string): boolean => {
    // A worker, a script of package.json, a page and a README name files without importing them.
    const name = path.split('/').slice(-1).join('/');
    return sources.some((source) => source.path !== path && source.text.includes(name));
  };
  return scripts
    .filter(({ path }) => !STARTED.test(path) && !imported.has(path) && !isNamed(path))
    .map(({ path }) => ({ path, line: 0, mend: 'is imported by nobody: use it or delete it, git remembers' }));
};
