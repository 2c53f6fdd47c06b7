import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { isRunning, type ProcessIdentity } from '../launcher/processIdentity.ts';
import { devnetPorts } from './movedPorts.ts';

/** `npm start` as a person, systemd or docker runs it: only npm itself is told to end. */
const path = mkdtempSync(join(tmpdir(), 'keel-npm-start-'));
const repository = join(import.meta.dirname, '..', '..');
const TEST_MS_MAX = 180_000;
const launched: ChildProcess[] = [];

afterAll(() => {
  for (const { pid, exitCode, signalCode } of launched) {
    // Its own session: the negative number reaches npm, set-up and launcher together.
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }
  rmSync(path, { recursive: true, force: true });
});

interface Started {
  readonly npm: ChildProcess;
  readonly ended: Promise<readonly [number | null, string | null]>;
  readonly output: () => string;
}

function npmStart(args: readonly string[], env: NodeJS.ProcessEnv): Started {
  const npm = spawn('npm', ['start', '--', ...args], { cwd: repository, env, detached: true });
  launched.push(npm);
  let output = '';
  const keep = (text: string): void => {
    output += text;
  };
  npm.stdout.setEncoding('utf8').on('data', keep);
  npm.stderr.setEncoding('utf8').on('data', keep);
  const ended = once(npm, 'close') as Promise<[number | null, string | null]>;
  return { npm, ended, output: () => output };
}

async function untilSaid(started: Started, text: string): Promise<void> {
  while (!started.output().includes(text)) {
    if (started.npm.exitCode !== null || started.npm.signalCode !== null) throw new Error(started.output());
    await sleep(50);
  }
}

const processes = (): ProcessIdentity[] =>
  JSON.parse(readFileSync(join(path, 'processes.json'), 'utf8')) as ProcessIdentity[];

test('a signal to npm alone is a clean stop, and the next start resumes', { timeout: TEST_MS_MAX }, async () => {
  const { port, env } = await devnetPorts();
  // Should this test be ended in the middle, the exchange that it started ends by itself.
  const args = ['--data', path, '--port', String(port), '--no-bots', '--for', '150'];

  const first = npmStart(args, env);
  await untilSaid(first, 'everything runs');
  const started = processes();
  expect(started.map(isRunning)).toEqual(started.map(() => true));
  // Redis, L1, sequencer, four feeders and their collector, gateway, settler, liquidator.
  expect(started.length).toBe(11);
  first.npm.kill('SIGTERM');
  expect(await first.ended).toEqual([0, null]);
  expect(first.output()).toContain('everything is stopped');
  expect(started.filter(isRunning)).toEqual([]);
  const stopped = JSON.parse(readFileSync(join(path, 'stopped.json'), 'utf8')) as Record<string, unknown>;

  // The second start is ended as a closing terminal does it, which npm itself does not survive.
  const second = npmStart(args, env);
  await untilSaid(second, 'everything runs');
  expect(second.output()).toContain(
    `resumed at sequence ${stopped.sequence}, state root ${stopped.stateRoot} (same as when stopped)`,
  );
  const again = processes();

  const refused = npmStart(['--data', join(path, 'other'), '--port', String(port), '--no-bots'], env);
  const [code] = await refused.ended;
  expect(code).not.toBe(0);
  expect(refused.output()).toMatch(/keel: Port \d+ \(\w[\w ]*\) is in use by another program; .*\n/);
  expect(refused.output()).not.toMatch(/^ +at /m);

  second.npm.kill('SIGHUP');
  await second.ended;
  expect(second.output()).toContain('everything is stopped');
  expect(again.filter(isRunning)).toEqual([]);
});
