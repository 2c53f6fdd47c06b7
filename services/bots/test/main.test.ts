import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExchangeDouble } from './exchangeDouble.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const SET = {
  KEEL_SETTLEMENT_ADDRESS: `0x${'5'.repeat(40)}`,
  KEEL_USDC_ADDRESS: `0x${'6'.repeat(40)}`,
  KEEL_BOTS_FUNDER_KEY: `0x${'1'.repeat(64)}`,
  KEEL_ADMIN_PORT: '0',
  KEEL_LOG_LEVEL: 'info',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keel-bots-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the service; `onOutput` may ask it to stop. */
function run(
  env: Record<string, string>,
  onOutput: (text: string) => 'SIGTERM' | undefined = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    const signal = onOutput(stdout);
    if (signal !== undefined) child.kill(signal);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test.each([
  ['without settings', {}, /KEEL_SETTLEMENT_ADDRESS is missing/],
  ['without money', { ...SET, KEEL_BOTS_FUNDER_KEY: '' }, /set KEEL_BOTS_FUNDER_KEY .* or KEEL_MNEMONIC/],
  [
    'with a file that is not there',
    { ...SET, KEEL_ORDERS_FILE: '/no/such.csv' },
    /such\.csv cannot be read: not found/,
  ],
])('%s: one sentence and exit code 1', async (_, env, sentence) => {
  const { code, stderr } = await run(env);
  expect(code).toBe(1);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a recording that does not fit: its line, and what was expected', async () => {
  const file = join(folder, 'm.csv');
  writeFileSync(file, '34200,1,1,5,33570000,1\n34200,9,1,5,33570000,1\n');
  const { code, stderr } = await run({ ...SET, KEEL_ORDERS_FILE: file });
  expect(code).toBe(1);
  expect(stderr).toContain(`${file} line 2: found "34200,9,1,5,33570000,1", expected a message type from 1 to 7`);
});

test('without gateway and L1 it waits, and stops cleanly when asked', async () => {
  const env = { ...SET, KEEL_GATEWAY_URL: 'http://127.0.0.1:1', KEEL_L1_URL: 'http://127.0.0.1:1' };
  const { code, stderr } = await run(env, (text) => (text.includes('"started"') ? 'SIGTERM' : undefined));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a recording is played to its end and reported', async () => {
  const exchange = new ExchangeDouble();
  const gateway = await exchange.listen();
  const file = join(folder, 'm.csv');
  writeFileSync(file, '34200,1,1,5,33570000,1\n34200.1,4,1,5,33570000,1\n34200.2,4,7,5,33570000,1\n');
  const orders = {
    KEEL_ORDERS_FILE: file,
    KEEL_ORDERS_MARKET: 'SOL-USD',
    KEEL_ORDERS_SPEED: '0',
    KEEL_BOTS_MAKERS: '0',
    KEEL_BOTS_TAKERS: '0',
  };
  const env = { ...SET, ...orders, KEEL_GATEWAY_URL: gateway, KEEL_L1_URL: 'http://127.0.0.1:1' };
  const { code, stdout } = await run(env, (text) => (text.includes('recorded orders played') ? 'SIGTERM' : undefined));
  await exchange.close();
  expect(code).toBe(0);
  const line = stdout.split('\n').find((text) => text.includes('recorded orders played')) ?? '{}';
  expect((JSON.parse(line) as { report: object }).report).toMatchObject({
    state: 'done',
    read: 3,
    placed: 1,
    executions: { exact: 1 },
    skipped: { unknownOrder: 1 },
  });
});
