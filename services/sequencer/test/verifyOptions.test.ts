import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyJournal } from '@keel/replica';
import { describe, expect, test } from 'vitest';
import { readVerifyOptions } from '../src/verifyOptions.ts';

const SETTLEMENT = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const L1 = 'http://127.0.0.1:8546';

describe('the command line of verify', () => {
  test.each([
    ['--data d', { dataDir: 'd', json: false, l1: undefined }],
    ['--data d --json', { dataDir: 'd', json: true, l1: undefined }],
    [
      `--data d --l1 ${L1} --settlement ${SETTLEMENT}`,
      { dataDir: 'd', json: false, l1: { url: L1, settlement: SETTLEMENT } },
    ],
    ['--help', 'help'],
    ['', { wrong: expect.stringContaining('--data DIR') }],
    ['--dta d', { wrong: expect.stringContaining('--dta') }],
    [`--data d --settlement ${SETTLEMENT}`, { wrong: expect.stringContaining('--l1') }],
    [`--data d --l1 here --settlement ${SETTLEMENT}`, { wrong: expect.stringContaining('--l1') }],
    [`--data d --l1 ${L1}`, { wrong: expect.stringContaining('--settlement') }],
    [`--data d --l1 ${L1} --settlement 0x12`, { wrong: expect.stringContaining('--settlement') }],
  ])('%s', (line, read) => {
    expect(readVerifyOptions(line.split(' ').filter((word) => word !== ''))).toEqual(read);
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
