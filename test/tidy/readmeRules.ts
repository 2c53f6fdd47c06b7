import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { type Finding, findingsOf, type Rule, repository, type Source } from './sources.ts';

const CLOSING = '## Why it is so';
/** What a README sets in code: fenced blocks, and words between backticks. */
const CODE = /^```[\s\S]*?^```|`[^`\n]+`/gm;
const FLOORS = ['', 'proto', 'packages', 'services', 'infra', 'test'];

/** Every floor, package and service tells what it is. */
export const missingReadmes: Rule = (sources) => {
  const inside = sources.flatMap(({ path }) => /^((?:packages|services)\/[^/]+)\/package\.json$/.exec(path)?.[1] ?? []);
  const present = new Set(sources.map(({ path }) => path));
  return [...FLOORS, ...inside]
    .map((folder) => (folder === '' ? 'README.md' : `${folder}/README.md`))
    .filter((path) => !present.has(path))
    .map((path) => ({ path, line: 0, mend: 'is missing: say what comes in, what goes out, how to run and test it' }));
};

/** A README ends with the reasons for its decisions, so that nobody undoes one without knowing it. */
export const closingSections: Rule = (sources) =>
  readmes(sources)
    .filter(({ text }) => (withoutFences(text).match(/^## .*$/gm) ?? []).at(-1) !== CLOSING)
    .map(({ path }) => ({ path, line: 0, mend: `must end in "${CLOSING}": the decisions, each with its reason` }));

/** Links to files that are not there. */
export const brokenLinks: Rule = (sources) =>
  sources
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap((source) =>
      [...withoutFences(source.text).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !/^[a-z]+:/.test(target) && !exists(source, target))
        .map((target) => ({ path: source.path, line: 0, mend: `links to ${target}, which is not there` })),
    );

/** Commands that a README gives and that no package.json has. */
export const unknownCommands: Rule = (sources) => {
  const scriptsOf = (folder: string): ReadonlySet<string> => {
    const path = folder === '.' ? 'package.json' : `${folder}/package.json`;
    const text = sources.find((source) => source.path === path)?.text ?? '{}';
    const { scripts } = JSON.parse(text) as { scripts?: Record<string, string> };
    return new Set(Object.keys(scripts ?? {}));
  };
  return readmes(sources).flatMap((source) => {
    const here = dirname(source.path);
    const commands = source.text.matchAll(
      /\b(?:npm|pnpm)(?: (?:--dir|-C) (\S+))? run(?: -s)? ([\w:-]+)(?:` in `?([\w/-]+))?/g,
    );
    const unknown = [...commands].filter(([, folder, name, place]) => {
      const named = folder ?? (place?.includes('/') ? place : undefined);
      const folders = named === undefined ? [here, '.'] : [normalize(named)];
      return !folders.some((each) => scriptsOf(each).has(name ?? ''));
    });
    return unknown.map(([command]) => ({
      path: source.path,
      line: 0,
      mend: `tells to run "${command}", which no package.json knows: mend the README or add the script`,
    }));
  });
};

/**
 * Commands that only some machines can run. A newcomer has npm and perhaps Node 20: pnpm lies in a folder of the
 * repository, and a Node that strips no types ends with ERR_UNKNOWN_FILE_EXTENSION.
 */
export const unrunnableCommands: Rule = (sources) =>
  readmes(sources).flatMap((source) => {
    const commands = blankOutside(source.text, CODE);
    return [
      ...findingsOf(source, commands, /\bpnpm /, "tells to run pnpm, which is on nobody's PATH: give an npm command"),
      ...findingsOf(
        source,
        commands,
        /(?<![\w./-])node (?:--?\S+ )*[^\s`]+\.ts\b/,
        'tells to run TypeScript with any Node: give an npm command, or write node_modules/.bin/node',
      ),
    ];
  });

/** Files that a README's shell commands start and that are not there. */
export const missingPrograms: Rule = (sources) =>
  readmes(sources).flatMap((source): readonly Finding[] => {
    const programs = [...source.text.matchAll(/\bnode ((?:--?\S+ )*)([\w./-]+\.(?:ts|mjs))/g)];
    return programs
      .filter(([, , program]) => !exists(source, program ?? '') && !existsSync(join(repository, program ?? '')))
      .flatMap(([command]) =>
        findingsOf(source, source.text, escaped(command), `starts a file that is not there: ${command}`),
      );
  });

const escaped = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));

const readmes = (sources: readonly Source[]): readonly Source[] =>
  sources.filter(({ path }) => /(^|\/)README\.md$/.test(path));

const withoutFences = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

/** The text with everything blank that does not match; the lines stay where they are. */
function blankOutside(text: string, pattern: RegExp): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  let kept = '';
  for (const match of text.matchAll(pattern)) kept += blank(text.slice(kept.length, match.index)) + match[0];
  return kept + blank(text.slice(kept.length));
}

function exists(source: Source, target: string): boolean {
  return existsSync(join(repository, dirname(source.path), target));
}
