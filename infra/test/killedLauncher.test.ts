import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeDataFolder } from '../launcher/dataFolder.ts';
import { identify, isRunning, type ProcessIdentity } from '../launcher/processIdentity.ts';

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'keel-launcher-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

test('a launcher that is killed leaves nothing running, and the folder can be taken again', async () => {
  const launcher = spawn(process.execPath, [join(import.meta.dirname, 'launcherUnderTest.ts'), path]);
  await once(launcher.stdout, 'data');
  const started = JSON.parse(readFileSync(join(path, 'processes.json'), 'utf8')) as ProcessIdentity[];
  expect(started.map(isRunning)).toEqual([true]);
  launcher.kill('SIGKILL');
  for (let tries = 0; tries < 500 && started.some(isRunning); tries += 1) await sleep(20);
  expect(started.map(isRunning)).toEqual([false]);
  (await takeDataFolder(path, { fresh: false, say: () => undefined })).release();
});

test('what even the guard did not end is ended by the next start, and only that', async () => {
  const left = spawn(process.execPath, ['-e', 'setInterval(() => 1, 1000)']);
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => 1, 1000)']);
  const identity = identify(left.pid ?? 0);
  // A number that was given out again: same process id, another beginning.
  const reused = { pid: stranger.pid ?? 0, began: 'long ago' };
  const said: string[] = [];
  (await takeDataFolder(path, { fresh: false, say: () => undefined })).release();
  writeFileSync(join(path, 'processes.json'), JSON.stringify([identity, reused]));
  (await takeDataFolder(path, { fresh: false, say: (line) => said.push(line) })).release();
  expect(said).toEqual(['ending 1 processes that an earlier start left running']);
  expect(identity && isRunning(identity)).toBe(false);
  expect(identify(stranger.pid ?? 0)).toBeDefined();
  stranger.kill('SIGKILL');
});
