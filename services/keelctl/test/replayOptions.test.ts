import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyJournal } from '@keel/replica';
import { describe, expect, test } from 'vitest';
import { CommandLineFault } from '../src/commandLineFault.ts';
import { readReplayOptions } from '../src/replay/readReplayOptions.ts';

const SETTLEMENT = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const L1 = 'http://127.0.0.1:8546';

describe('the command line of replay', () => {
  const read = (line: string) => readReplayOptions(line.split(' ').filter(Boolean), '/here');

  test.each([
    ['--data d', { dataDir: '/here/d', json: false, l1: undefined }],
    ['--verify-roots --data /d --json', { dataDir: '/d', json: true, l1: undefined }],
    [
      `--data d --l1 ${L1} --settlement ${SETTLEMENT}`,
      { dataDir: '/here/d', json: false, l1: { url: L1, settlement: SETTLEMENT } },
    ],
  ])('%s', (line, options) => {
    expect(read(line)).toEqual(options);
  });

  test.each([
    ['', '--data DIR'],
    ['--dta d', '--dta'],
    ['d', 'replay does not take "d"'],
    [`--data d --settlement ${SETTLEMENT}`, '--l1'],
    [`--data d --l1 here --settlement ${SETTLEMENT}`, '--l1'],
    [`--data d --l1 ${L1}`, '--settlement'],
    [`--data d --l1 ${L1} --settlement 0x12`, '--settlement'],
  ])('%s is refused', (line, wrong) => {
    expect(() => read(line)).toThrow(CommandLineFault);
    expect(() => read(line)).toThrow(wrong);
  });

  test('a directory one level too high is told from the right one', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'keel-verify-test-'));
    try {
      const verify = () => verifyJournal(dir, () => undefined);
      await expect(verify()).rejects.toThrow(`there is no journal in ${dir}`);
      mkdirSync(join(dir, 'journal', 'segments'), { recursive: true });
      await expect(verify()).rejects.toThrow(/did you mean .*journal\?$/);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
