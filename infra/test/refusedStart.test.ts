import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'keel-refused-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

/** Starts the launcher with options that it must refuse. */
function refused(options: object): { readonly code: number | null; readonly output: string } {
  const program = join(import.meta.dirname, '..', 'devnet', 'main.ts');
  const all = { bots: true, port: 8080, fresh: false, once: false, json: false, startedAtMs: Date.now(), ...options };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, JSON.stringify(all)], { encoding: 'utf8' });
  return { code: status, output: `${stdout}${stderr}` };
}

test.each(['replay', 'orders'])('--fresh with a --%s file that does not fit loses nothing', (recording) => {
  const data = join(path, 'devnet');
  const file = join(path, 'wrong.csv');
  mkdirSync(data);
  writeFileSync(join(data, 'keel-devnet'), '');
  writeFileSync(join(data, 'precious'), 'a journal');
  writeFileSync(file, '1,2,3\n');
  const { code, output } = refused({ data, fresh: true, [recording]: file });
  expect(code).toBe(1);
  expect(output).toMatch(/^keel: .*wrong\.csv line 1: .*\n$/);
  expect(readFileSync(join(data, 'precious'), 'utf8')).toBe('a journal');
});
