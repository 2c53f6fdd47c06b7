import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { StartupFault } from '@keel/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCandles } from '../src/sources/parseCandles.ts';
import { parseTime } from '../src/sources/parseTime.ts';
import { readTextFile } from '../src/sources/readTextFile.ts';

const HEADER = 'open_time,open,high,low,close,volume';
const GOOD = '2023-03-08 00:00:00+00:00,22196.56,22199.85,22188.82,22196.56,4.85654';

describe('parseTime', () => {
  const EIGHT_MARCH_MS = Date.UTC(2023, 2, 8);
  test.each([
    ['2023-03-08 00:00:00+00:00', EIGHT_MARCH_MS],
    ['2023-03-08T00:00:00Z', EIGHT_MARCH_MS],
    ['2023-03-08T00:00:00.500Z', EIGHT_MARCH_MS + 500],
    ['2023-03-08 01:00:00+01:00', EIGHT_MARCH_MS],
    ['2023-03-08 00:00', EIGHT_MARCH_MS],
    ['2023-03-08', EIGHT_MARCH_MS],
    ['1678233600', EIGHT_MARCH_MS],
    ['1678233600000', EIGHT_MARCH_MS],
    ['yesterday', undefined],
    ['2023-13-08 00:00:00', undefined],
    ['2023-03-08 25:00:00', undefined],
    ['', undefined],
    ['167823', undefined],
  ])('%s', (text, expected) => expect(parseTime(text)).toBe(expected));
});

describe('parseCandles', () => {
  test('reads columns by name, ignores others, CRLF, a byte order mark and blank lines at the end', () => {
    const text = `\uFEFFopen_time,volume,close,low,high,open\r\n1678233600,1,10.5,9,12,10\r\n1678233660,1,10,9,12,10.5\r\n\r\n`;
    expect(parseCandles(text, 'a.csv')).toEqual([
      { openTimeMs: 1_678_233_600_000, openUsd: 10, highUsd: 12, lowUsd: 9, closeUsd: 10.5 },
      { openTimeMs: 1_678_233_660_000, openUsd: 10.5, highUsd: 12, lowUsd: 9, closeUsd: 10 },
    ]);
  });

  const later = (prices: string): string => `2023-03-08 00:01:00+00:00,${prices}`;
  test.each([
    ['', 'a.csv line 1: found "", expected the header open_time,open,high,low,close,volume'],
    ['time,o,h,l,c', 'a.csv line 1: found "time,o,h,l,c", expected the header open_time,open,high,low,close,volume'],
    [HEADER, 'a.csv line 2: found the end of the file, expected at least one candle'],
    [
      `${HEADER}\n${GOOD}\n${later('1,2,3')}`,
      `a.csv line 3: found 4 columns in "${later('1,2,3')}", expected 6 columns`,
    ],
    [
      `${HEADER}\n${GOOD}\n${later('1,abc,1,1,0')}`,
      'a.csv line 3: found high "abc", expected a price above 0 like 22196.56',
    ],
    [`${HEADER}\n${GOOD}\n${later('1,2,,1,0')}`, 'a.csv line 3: found low "", expected a price above 0 like 22196.56'],
    [
      `${HEADER}\n${GOOD}\n${later('1,2,-1,1,0')}`,
      'a.csv line 3: found low "-1", expected a price above 0 like 22196.56',
    ],
    [
      `${HEADER}\n${GOOD}\n${later('1,2,0,1,0')}`,
      'a.csv line 3: found low "0", expected a price above 0 like 22196.56',
    ],
    [
      `${HEADER}\n${GOOD}\n${later('5,4,3,4,0')}`,
      'a.csv line 3: found high 4, expected no other price of the candle above it',
    ],
    [
      `${HEADER}\n${GOOD}\n${later('5,6,5.5,6,0')}`,
      'a.csv line 3: found low 5.5, expected no other price of the candle below it',
    ],
    [`${HEADER}\n${GOOD}\n\n${later('1,2,1,1,0')}`, 'a.csv line 3: found 1 columns in "", expected 6 columns'],
    [
      `${HEADER}\n${GOOD}\n${GOOD}`,
      `a.csv line 3: found open_time "${GOOD}", expected a later open_time than the line before`,
    ],
    [
      `${HEADER}\n${GOOD}\nsoon,1,2,1,1,0`,
      'a.csv line 3: found open_time "soon", expected a time like 2023-03-08 00:00:00+00:00, ISO 8601 or epoch seconds',
    ],
  ])('%j', (text, message) => expect(() => parseCandles(text, 'a.csv')).toThrow(new StartupFault(message)));
});

describe('readTextFile', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keel-price-feed-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('unpacks .gz', () => {
    const file = join(folder, 'a.csv.gz');
    writeFileSync(file, gzipSync('a,b\n'));
    expect(readTextFile(file)).toBe('a,b\n');
  });

  test('a missing file and a file that is not gzip are one sentence', () => {
    const missing = join(folder, 'missing.csv');
    expect(() => readTextFile(missing)).toThrow(`${missing} cannot be read: not found (${missing}): check the path`);
    const broken = join(folder, 'broken.csv.gz');
    writeFileSync(broken, 'plain text');
    expect(() => readTextFile(broken)).toThrow(`${broken} cannot be read: Error: incorrect header check`);
  });
});
