import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'keel-check-recordings-'));
const PROGRAM = join(import.meta.dirname, '..', 'src', 'checkRecordings.ts');
const HEAD = 'open_time,open,high,low,close,volume';

afterAll(() => rmSync(folder, { recursive: true }));

function check(env: Record<string, string>): { readonly code: number | null; readonly stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM], {
    env,
    encoding: 'utf8',
  });
  return { code: status, stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('files that can be played, and no file at all, are fine', () => {
  const candles = file('good.csv', `${HEAD}\n2023-03-08 00:00:00+00:00,100,110,90,105,1\n`);
  const orders = file('good-orders.csv', '34200.1,1,1,100,1000000,1\n34200.2,4,1,100,1000000,1\n');
  expect(check({})).toEqual({ code: 0, stderr: '' });
  expect(check({ KEEL_REPLAY_FILE: candles, KEEL_INDEX_FROM_ORDERS: orders })).toEqual({ code: 0, stderr: '' });
});

test.each([
  ['a wrong last candle', `${HEAD}\n2023-03-08 00:00:00+00:00,100,110,90,105,1\n2023-03-08 00:01:00+00:00,x,1,1,1,1\n`],
  ['no candle', ''],
])('%s is one sentence and exit code 1', (_, text) => {
  const { code, stderr } = check({ KEEL_REPLAY_FILE: file('bad.csv', text) });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^keel price-feed: .*bad\.csv.*\n$/);
});
