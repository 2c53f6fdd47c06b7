import { describe, expect, test } from 'vitest';
import { deadFiles, importCycles } from './importRules.ts';
import {
  brokenLinks,
  closingSections,
  missingPrograms,
  missingReadmes,
  unknownCommands,
  unrunnableCommands,
} from './readmeRules.ts';
import { innerBarrels, longFiles, strayTopLevel, vagueNames, wiringOnly } from './shapeRules.ts';
import { makeSource, type Rule } from './sources.ts';
import { splitCode } from './splitCode.ts';
import { ruleOf, WORD_RULES } from './wordRules.ts';

/** One line that breaks each rule about words, and one beside it that must pass. */
const BAD_AND_GOOD: Readonly<Record<string, readonly [path: string, bad: string, good: string]>> = {
  'Date in the engine': ['packages/engine/src/a.ts', 'const now = new Date();', '// a Date\nconst dated = 1;'],
  'Math.random in the engine': ['packages/types/src/a.ts', 'Math.random();', 'Math.round(1);'],
  'performance in the engine': ['packages/engine/src/a.ts', 'performance.now();', '// performance matters here'],
  'Intl in the engine': ['packages/engine/src/a.ts', 'price.toLocaleString();', 'price.toString();'],
  'parseFloat in the engine': ['packages/engine/src/a.ts', 'parseFloat(text);', 'parseDecimal(text);'],
  'timers in the engine': ['packages/engine/src/a.ts', 'setTimeout(run, 1);', 'const timeout = 1;'],
  'promises in the engine': ['packages/engine/src/a.ts', 'async function run() {}', "const mode = 'async';"],
  'node: in the engine': [
    'packages/engine/src/a.ts',
    "import { join } from 'node:path';",
    "import { a } from './b.ts';",
  ],
  'bare division': ['packages/engine/src/a.ts', 'const half = a / b;', 'const text = `$'.concat('{a}/b`; // a / b')],
  'fractions in the engine': ['packages/engine/src/a.ts', 'const fee = 0.0004;', 'const feePpm = 400;'],
  'default exports': ['services/a/src/a.ts', 'export default run;', 'export const word = "export default";'],
  'export *': ['packages/a/src/index.ts', "export * from './a.ts';", "export { a } from './a.ts';"],
  any: ['test/a.ts', 'const a = b as any;', 'const company: string = many;'],
  enum: ['test/a.ts', 'export enum Side { buy }', 'const enumerable = 1;'],
  namespace: ['test/a.ts', 'export namespace Keel {}', 'const namespace = 1;'],
  'open ends': ['infra/a.ts', `// TO${'DO'}: later`, '// a todolist is no open end'],
  makeshift: ['infra/a.ts', `// good enough for${' now'}`, "const asked = 'for now';"],
  'process.env': ['services/a/src/a.ts', 'const port = process.env.PORT;', '// process.env is read in config.ts'],
  'machine paths': ['README.md', `see /ho${'me'}/somebody/keel`, 'see ./work/keel and a/home/b'],
  'registry hosts': ['README.md', `from https://registry.${'npmjs'}.org/`, 'from the npm registry'],
};

describe('every rule about words fails on a bad line and passes a good one', () => {
  test.each(WORD_RULES)('$name', (rule) => {
    const sample = BAD_AND_GOOD[rule.name];
    if (sample === undefined) throw new Error(`give "${rule.name}" a bad and a good line in this file`);
    const [path, bad, good] = sample;
    const check = ruleOf(rule);
    expect(check([makeSource(path, `\n${bad}\n`)])).toMatchObject([{ path, line: 2 }]);
    expect(check([makeSource(path, `\n${good}\n`)])).toEqual([]);
  });

  test('except where the rule itself lives', () => {
    const division = WORD_RULES.find((rule) => rule.name === 'bare division')!;
    expect(ruleOf(division)([makeSource('packages/types/src/units.ts', 'const half = a / b;')])).toEqual([]);
  });
});

describe('every rule about shape fails on a bad file', () => {
  const long = 'const a = 1;\n'.repeat(501);
  const rows: readonly (readonly [string, Rule, string, string])[] = [
    ['long files', longFiles, 'packages/a/src/a.ts', long],
    ['wiring', wiringOnly, 'services/a/src/main.ts', 'run();\n'.repeat(121)],
    ['vague names', vagueNames, 'packages/a/src/utils/b.ts', ''],
    ['vague file names', vagueNames, 'packages/a/src/helpers.ts', ''],
    ['inner barrels', innerBarrels, 'packages/a/src/book/index.ts', ''],
    ['dead files', deadFiles, 'packages/a/src/unused.ts', ''],
    ['closing section', closingSections, 'packages/a/README.md', '# a\n\n## Why it is so\n\n## More\n'],
    ['links', brokenLinks, 'README.md', 'see [this](no/such/file.md)'],
    ['commands', unknownCommands, 'README.md', '`pnpm run no-such-script`'],
    ['quiet commands', unknownCommands, 'README.md', '`npm run -s no-such-script`'],
    ['commands elsewhere', unknownCommands, 'README.md', '`pnpm run check` in services/none'],
    ['programs', missingPrograms, 'README.md', '`node no/such/program.ts`'],
    ['pnpm in a block', unrunnableCommands, 'README.md', '```sh\npnpm exec vitest\n```'],
    ['pnpm in a line', unrunnableCommands, 'README.md', 'run `pnpm install` first'],
    ['any Node in a block', unrunnableCommands, 'README.md', '```\nKEY=1 node --no-warnings a/b.ts\n```'],
    ['any Node in a line', unrunnableCommands, 'README.md', 'run `node a/b.ts` first'],
    ['missing README', missingReadmes, 'packages/a/package.json', '{}'],
  ];
  test.each(rows)('%s', (_name, rule, path, text) => {
    expect(rule([makeSource(path, text)])).not.toEqual([]);
  });

  test("words about pnpm and the repository's own Node are let through", () => {
    const good =
      'pnpm 12 links `a` and pnpm does not\n```\nnode_modules/.bin/node a/b.ts\nnode start.mjs\n```\nthe node a.ts';
    expect(unrunnableCommands([makeSource('README.md', good)])).toEqual([]);
    expect(unrunnableCommands([makeSource('README.md', `${good}\n\`pnpm run a\``)])).toMatchObject([{ line: 7 }]);
  });

  test('top level', () => {
    expect(strayTopLevel(['src', 'packages', '.git'])).toMatchObject([{ path: 'src' }]);
  });

  test('a circle of imports is named in full; a circle of types is none', () => {
    const circle = (word: string) => [
      makeSource('packages/a/src/a.ts', `${word} { b } from './b.ts';`),
      makeSource('packages/a/src/b.ts', "import { a } from './a.ts';"),
    ];
    expect(importCycles(circle('import'))[0]?.mend).toContain('a.ts -> packages/a/src/b.ts -> packages/a/src/a.ts');
    expect(importCycles(circle('import type'))).toEqual([]);
  });
});

describe('code and comments are told apart', () => {
  test.each([
    ['a comment', 'a(); // b', 'a();     ', '     // b'],
    ['a comment of lines', 'a(/* b\nc */ d)', 'a(    \n     d)', '  /* b\nc */   '],
    ['a string with an escaped quote', "a('it\\'s // b')", 'a(            )', '               '],
    ['a regular expression', 'a(/b"c/g)', 'a(      )', '         '],
    ['a division', 'a / b / c', 'a / b / c', '         '],
    ['a template, whose holes are code', '`a$'.concat('{b}c`'), '    b   ', '        '],
    ['an unclosed quote in a comment', "// don't\na", '        \na', "// don't\n "],
  ])('%s', (_name, text, code, comments) => {
    expect(splitCode(text)).toEqual({ code, comments });
  });
});
