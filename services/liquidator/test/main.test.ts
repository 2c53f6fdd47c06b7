import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const KEY = `0x${'1d'.repeat(32)}`;
const SET = {
  KEEL_LIQUIDATOR_KEY: KEY,
  KEEL_ADMIN_PORT: '0',
  KEEL_GATEWAY_URL: 'http://127.0.0.1:1',
  KEEL_LOG_LEVEL: 'debug',
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the service and asks it to stop once it has printed `until`. */
function run(env: Record<string, string>, until = 'never'): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const before = stdout.includes(until);
    stdout += chunk.toString();
    if (!before && stdout.includes(until)) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test.each([
  ['without a key', {}, /KEEL_LIQUIDATOR_KEY is missing/],
  ['with a key that is none', { ...SET, KEEL_LIQUIDATOR_KEY: `${KEY}9` }, /KEEL_LIQUIDATOR_KEY/],
  ['with an edge below zero', { ...SET, KEEL_LIQUIDATOR_MIN_EDGE_PPM: '-1' }, /KEEL_LIQUIDATOR_MIN_EDGE_PPM/],
  ['with a band of half the price', { ...SET, KEEL_LIQUIDATOR_BAND_PPM: '500000' }, /KEEL_LIQUIDATOR_BAND_PPM/],
  ['with half a dollar', { ...SET, KEEL_LIQUIDATOR_BUDGET_USDC: '0.5' }, /KEEL_LIQUIDATOR_BUDGET_USDC/],
  ['with a number of no account', { ...SET, KEEL_LIQUIDATOR_SUBACCOUNT: '128' }, /KEEL_LIQUIDATOR_SUBACCOUNT 128/],
  ['with an account that is no address', { ...SET, KEEL_LIQUIDATOR_ACCOUNT: '0x1' }, /KEEL_LIQUIDATOR_ACCOUNT/],
])('%s: one sentence, exit code 1, and no key in it', async (_, env, sentence) => {
  const { code, stdout, stderr } = await run(env);
  expect(code).toBe(1);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout + stderr).not.toContain(KEY.slice(2, 20));
});

test('without a gateway it waits, and stops cleanly when asked', async () => {
  const { code, stdout, stderr } = await run(SET, 'round ended early');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain(KEY.slice(2, 20));
});
