import { spawn } from 'node:child_process';
import { expect, test, vi } from 'vitest';

// Each test starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs serviceUnderTest.ts; once stdout contains `signalAfter`, sends SIGTERM. */
function run(what: string, signalAfter?: string, env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/serviceUnderTest.ts`, what], {
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.on('data', (chunk) => {
    const before = signalAfter !== undefined && stdout.includes(signalAfter);
    stdout += chunk;
    if (!before && signalAfter !== undefined && stdout.includes(signalAfter)) child.kill('SIGTERM');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test.each([
  ['startupFault', 'keel example: port 8080 is in use: stop the other program or set KEEL_GATEWAY_PORT\n'],
  ['noSpace', 'keel example: the disk is full (/data/journal): free some space and start again\n'],
  ['rejectsLater', 'keel example: Error: nobody caught this\n'],
  ['throwsLater', 'keel example: TypeError: thrown in a timer\n'],
  ['failsLater', 'keel example: the journal is broken\n'],
])('%s is one sentence on stderr, a fatal line and exit code 1', async (what, sentence) => {
  const { code, stdout, stderr } = await run(what);
  expect({ code, stderr }).toEqual({ code: 1, stderr: sentence });
  expect(stdout).toContain('"level":"fatal"');
});

test('a neighbour that does not listen is named by address', async () => {
  const { code, stderr } = await run('refused');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^keel example: nothing listens on 127\.0\.0\.1:[0-9]+: start it, or correct its address/);
});

test('SIGTERM runs the stop function and ends with 0', async () => {
  const { code, stdout, stderr } = await run('goesOn', '"started"');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.indexOf('stopping')).toBeLessThan(stdout.indexOf('released'));
  expect(stdout.indexOf('released')).toBeLessThan(stdout.indexOf('"stopped"'));
});

test('SIGTERM while starting ends with 0', async () => {
  const { code, stdout } = await run('waitsForever', 'starting');
  expect(code).toBe(0);
  expect(stdout).toContain('aborted');
});

test('a wrong log level is one sentence', async () => {
  const { code, stderr } = await run('goesOn', undefined, { KEEL_LOG_LEVEL: 'loud' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^keel example: configuration: KEEL_LOG_LEVEL "loud" does not fit/);
});
