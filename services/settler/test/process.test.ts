import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { freePort, type OwnRedis, startRedis } from '@keel/test-servers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Bookkeeper } from './bookkeeper.ts';
import { type Anvil, OPERATOR_KEY, startAnvil } from './startAnvil.ts';
import { batchDocs, startIntake, TOKEN, until } from './startParts.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
}

function start(env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, KEEL_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return { child, stderr: () => text, exited };
}

describe('the settler process', { timeout: 90_000 }, () => {
  let anvil: Anvil;
  let redis: OwnRedis;
  beforeAll(async () => {
    [anvil, redis] = await Promise.all([startAnvil(), startRedis()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([anvil.stop(), redis.stop()]);
  });

  async function settings(intakePort: number): Promise<Record<string, string>> {
    return {
      KEEL_ADMIN_PORT: String(await freePort()),
      KEEL_INTAKE_URL: `ws://127.0.0.1:${intakePort}`,
      KEEL_INTAKE_TOKEN: TOKEN,
      KEEL_REDIS_URL: redis.url,
      KEEL_L1_URL: anvil.url,
      KEEL_L1_POLL_MS: '50',
      KEEL_SETTLEMENT_ADDRESS: anvil.settlement,
      KEEL_OPERATOR_KEY: OPERATOR_KEY,
      KEEL_BATCH_SECONDS: '1',
    };
  }

  test('killed -9 with a transaction under way, the next process finishes the batch and goes on', async () => {
    const bookkeeper = new Bookkeeper();
    const intake = await startIntake(bookkeeper);
    const env = await settings(intake.port);
    await anvil.client.setAutomine(false);
    bookkeeper.trade();
    const first = start(env);
    await until(async () => (await anvil.client.getTxpoolStatus()).pending === 1);
    first.child.kill('SIGKILL');
    await first.exited;

    const second = start(env);
    await anvil.client.setAutomine(true);
    await anvil.client.mine({ blocks: 1 });
    bookkeeper.trade();
    await until(async () => {
      const docs = await batchDocs(redis);
      return docs.length === 2 && docs.every(({ status }) => status === 'committed');
    });
    const events = await anvil.client.getContractEvents({
      address: anvil.settlement,
      abi: keelSettlementAbi,
      eventName: 'BatchSubmitted',
      fromBlock: 0n,
    });
    expect(events.map(({ args }) => args.batchIndex)).toEqual([0n, 1n]);

    const ready = await fetch(`http://127.0.0.1:${env.KEEL_ADMIN_PORT}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ok: true }]);
    second.child.kill('SIGTERM');
    expect([await second.exited, second.stderr()]).toEqual([0, '']);
    await intake.close();
  });

  test.each([
    ['KEEL_OPERATOR_KEY', '', /^keel settler: configuration: KEEL_OPERATOR_KEY is missing: it must be the private key/],
    ['KEEL_CHAIN_ID', '5', /^keel settler: L1 at 127\.0\.0\.1:\d+ is chain 31337 and not 5: correct/],
    ['KEEL_SETTLEMENT_ADDRESS', `0x${'12'.repeat(20)}`, /^keel settler: there is no KeelSettlement at 0x1212/],
    ['KEEL_L1_URL', 'http://127.0.0.1:1', /^keel settler: L1 at 127\.0\.0\.1:1 cannot be reached: start it/],
    [
      'KEEL_INTAKE_TOKEN',
      'b2'.repeat(32),
      /^keel settler: the sequencer refuses this settler: correct KEEL_INTAKE_TOKEN/,
    ],
    ['KEEL_REDIS_URL', 'redis://127.0.0.1:1', /^keel settler: .*Redis at 127\.0\.0\.1:1 cannot be reached/],
  ])('with a wrong %s it says so in one sentence and exits with 1', async (name, value, sentence) => {
    const intake = await startIntake(new Bookkeeper());
    const { exited, stderr } = start({ ...(await settings(intake.port)), [name]: value });
    expect(await exited).toBe(1);
    expect(stderr()).toMatch(sentence);
    expect(stderr().trim().split('\n')).toHaveLength(1);
    expect(stderr()).not.toContain(OPERATOR_KEY.slice(2));
    await intake.close();
  });
});
