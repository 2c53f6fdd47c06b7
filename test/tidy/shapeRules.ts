import type { Finding, Rule, Source } from './sources.ts';

/** What the top of the repository holds; anything else belongs inside one of the folders. */
export const TOP_LEVEL: ReadonlySet<string> = new Set([
  ...['services', 'packages', 'proto', 'infra', 'test'],
  ...['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'turbo.json', 'README.md', 'LICENSE'],
  ...['.ci', '.biome.json', '.gitignore', '.npmrc', '.oxlintrc.json'],
]);

/** Kept by git, tools or a running devnet, and ignored by git; not part of the house. */
const NOT_OURS: ReadonlySet<string> = new Set(['.git', 'node_modules', '.keel', '.turbo', 'coverage']);

const LINES_MAX = 500;
const MAIN_LINES_MAX = 120;
const VAGUE_NAME = /^(utils?|helpers?|common|misc|shared|stuff|lib)(\.|$)/i;

/** Names at the top that are on no list. */
export function strayTopLevel(names: readonly string[]): readonly Finding[] {
  return names
    .filter((name) => !TOP_LEVEL.has(name) && !NOT_OURS.has(name))
    .map((path) => ({
      path,
      line: 0,
      mend: 'the top level is fixed: move it into the folder whose floor it belongs to',
    }));
}

/** Files that grew past what one sitting reads. */
export const longFiles: Rule = (sources) =>
  sources
    .filter(({ path }) => /\.(ts|tsx|mjs|sol|lua|proto)$/.test(path))
    .filter((source) => lines(source) > LINES_MAX)
    .map((source) => whole(source, `has ${lines(source)} lines, over ${LINES_MAX}: split it by verb`));

/** A service's main.ts that does more than connect things. */
export const wiringOnly: Rule = (sources) =>
  sources
    .filter(({ path }) => /^services\/[^/]+\/src\/main\.ts$/.test(path))
    .filter((source) => lines(source) > MAIN_LINES_MAX)
    .map((source) =>
      whole(source, `has ${lines(source)} lines, over ${MAIN_LINES_MAX}: main.ts is wiring, move the work out`),
    );

/** Names that say nothing about what is inside. */
export const vagueNames: Rule = (sources) =>
  sources
    .filter(({ path }) => path.split('/').some((part) => VAGUE_NAME.test(part)))
    .map((source) => whole(source, 'is named after nothing: put it beside its user or give it a noun'));

/** Packages reached through a folder's index other than the one door. */
export const innerBarrels: Rule = (sources) =>
  sources
    .filter(({ path }) => /\/index\.tsx?$/.test(path) && !/^packages\/[^/]+\/src\/index\.ts$/.test(path))
    .map((source) =>
      whole(source, 'is a second door: a package has src/index.ts, inside it files are imported by name'),
    );

const lines = (source: Source): number => source.text.trimEnd().split('\n').length;

function whole(source: Source, mend: string): Finding {
  return { path: source.path, line: 0, mend };
}
