import { readdirSync } from 'node:fs';
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
import { readSources, report, repository } from './sources.ts';
import { ruleOf, WORD_RULES } from './wordRules.ts';

const sources = readSources();

describe('words that must not be written', () => {
  test.each(WORD_RULES)('$name', (rule) => {
    expect(report(ruleOf(rule)(sources))).toEqual([]);
  });
});

describe('shape of the house', () => {
  test('the top level is fixed', () => {
    expect(report(strayTopLevel(readdirSync(repository)))).toEqual([]);
  });
  test.each([
    ['no file is too long to read', longFiles],
    ['main.ts is wiring only', wiringOnly],
    ['every name says what is inside', vagueNames],
    ['a package has one door', innerBarrels],
    ['no imports in a circle', importCycles],
    ['every file has a user', deadFiles],
  ] as const)('%s', (_title, rule) => {
    expect(report(rule(sources))).toEqual([]);
  });
});

describe('what the READMEs say is true', () => {
  test.each([
    ['every floor, package and service has one', missingReadmes],
    ['each ends in its reasons', closingSections],
    ['links lead somewhere', brokenLinks],
    ['commands exist', unknownCommands],
    ['programs exist', missingPrograms],
    ['commands run on a machine that has only npm', unrunnableCommands],
  ] as const)('%s', (_title, rule) => {
    expect(report(rule(sources))).toEqual([]);
  });
});
