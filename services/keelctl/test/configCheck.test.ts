import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'keelctl-config-'));
const TOKEN = 'ab'.repeat(32);
afterAll(() => rmSync(folder, { recursive: true }));

/** With the settings of a file, in a shell that has another token which must not count. */
function check(lines: readonly string[], ...args: string[]) {
  writeFileSync(join(folder, 'keel.env'), `${lines.join('\n')}\n`);
  const env = { PATH: process.env.PATH ?? '', INIT_CWD: folder, KEEL_INTAKE_TOKEN: 'cd'.repeat(32) };
  const line = [MAIN, 'config', 'check', '--env', 'keel.env', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('the sequencer itself reads the file, and every fault of it is told', () => {
  const good = [
    `KEEL_DATA_DIR=${folder}/data`,
    `KEEL_INTAKE_TOKEN=${TOKEN}`,
    `KEEL_SETTLEMENT_ADDRESS=0x${'5e'.repeat(20)}`,
  ];
  expect(check(good)).toEqual({ status: 0, stdout: 'sequencer: ok\n', stderr: '' });
  const { status, stdout } = check([good[0]!, 'KEEL_INTAKE_TOKEN=short', 'KEEL_ADMIN_PORT=70000'], '--json');
  const [{ ok, faults }] = JSON.parse(stdout) as [{ ok: boolean; faults: string[] }];
  expect([status, ok, faults.map((fault) => fault.split(' ')[0])]).toEqual([
    1,
    false,
    ['KEEL_INTAKE_TOKEN', 'KEEL_ADMIN_PORT', 'KEEL_SETTLEMENT_ADDRESS'],
  ]);
  expect(stdout).not.toContain('short"');
});

test('several services at once', () => {
  const { status, stdout } = check([], '--service', 'gateway', '--service', 'settler');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^gateway: \d faults\n {2}KEEL_INTAKE_TOKEN is missing/);
  expect(stdout).toContain('\nsettler: ');
});
