import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { factorAt, linearFall, ticksAt } from '../src/simulate/pricePath.ts';
import { readPath } from '../src/simulate/readPath.ts';

const folder = mkdtempSync(join(tmpdir(), 'keelctl-'));
const fileOf = (content: string): string => {
  const file = join(folder, 'fall.csv');
  writeFileSync(file, content);
  return file;
};

test('a file of times and factors', () => {
  expect(readPath(fileOf('ms,factor\n0,1\r\n1000, 0.80\n60000,1.250000\n\n'))).toEqual({
    label: 'fall.csv',
    points: [
      { ms: 0, factorPpm: 1_000_000 },
      { ms: 1_000, factorPpm: 800_000 },
      { ms: 60_000, factorPpm: 1_250_000 },
    ],
  });
});

test.each([
  ['', 'has no points'],
  ['ms,factor\n', 'has no points'],
  ['0;1', 'line 1: not "milliseconds,factor"'],
  ['0,1,2', 'line 1: not "milliseconds,factor"'],
  ['5,1', 'line 1: the first point is not at 0 ms'],
  ['0,1\n0,0.9', 'line 2: 0 ms does not come after 0 ms'],
  ['0,1\n-5,0.9', 'line 2: "-5" is no time'],
  ['0,1\n86400001,0.9', 'line 2: "86400001" is no time'],
  ['0,1\n\n5,0.9', 'line 2: not "milliseconds,factor"'],
  ['0,0', 'line 1: "0" is no factor'],
  ['0,1e3', 'line 1: "1e3" is no factor'],
  ['0,0.1234567', 'line 1: "0.1234567" is no factor'],
  ['0,100.1', 'line 1: "100.1" is no factor'],
  [`0,1\n${'x'.repeat(4 * 1024 * 1024)}`, 'is larger than 4194304 bytes'],
])('%j is refused', (content, fault) => {
  expect(() => readPath(fileOf(content))).toThrow(fault);
});

test('no file, and a folder', () => {
  expect(() => readPath(join(folder, 'none.csv'))).toThrow('there is no');
  expect(() => readPath(folder)).toThrow('is a folder');
});

test.each([
  [0, 1_000_000],
  [1, 999_996],
  [30_000, 900_000],
  [59_999, 800_003],
  [60_000, 800_000],
  [600_000, 800_000],
])('a fall by 20 %% after %d ms is at %d', (ms, factorPpm) => {
  expect(factorAt(linearFall(20), ms)).toBe(factorPpm);
});

test.each([
  [1_000_000, 800_000, 10_000_000, 800_000],
  [3, 500_000, 10, 1],
  [1, 1, 10, 1],
  [8, 2_000_000, 10, 10],
])('%d ticks times %d', (ticks, factorPpm, most, moved) => {
  expect(ticksAt(ticks, factorPpm, most)).toBe(moved);
});
