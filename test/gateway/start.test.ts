import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@keel/test-servers';
import { expect, test } from 'vitest';
import { startChild } from '../e2e/childProcess.ts';
import { waitFor } from '../e2e/waitFor.ts';
import { gatewayMain, startDoor } from './startDoor.ts';

/** Ends with exit code 1 and one sentence on stderr that says what is to be done. */
async function faultOf(env: Record<string, string>): Promise<string> {
  const child = startChild('gateway', process.execPath, [gatewayMain], { KEEL_LOG_LEVEL: 'silent', ...env });
  const [code] = await once(child.process, 'exit');
  expect(code).toBe(1);
  return child.output().trim();
}

const settings = {
  KEEL_INTAKE_TOKEN: 'ab'.repeat(20),
  KEEL_SETTLEMENT_ADDRESS: `0x${'5e'.repeat(20)}`,
  KEEL_USDC_ADDRESS: `0x${'c0'.repeat(20)}`,
};

test('a missing setting', async () => {
  const sentence = await faultOf({ ...settings, KEEL_INTAKE_TOKEN: '' });
  expect(sentence).toMatch(/^keel gateway: configuration: KEEL_INTAKE_TOKEN is missing/);
  expect(sentence.split('\n')).toHaveLength(1);
});

test('Redis that is not there', async () => {
  const port = await freePort();
  const sentence = await faultOf({ ...settings, KEEL_REDIS_URL: `redis://127.0.0.1:${port}` });
  expect(sentence).toMatch(new RegExp(`Redis at 127.0.0.1:${port} cannot be reached.*KEEL_REDIS_URL`));
});

test('a port in use; and a clean stop', async () => {
  const door = await startDoor();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  expect(await faultOf({ ...door.env, KEEL_LOG_LEVEL: 'silent', KEEL_GATEWAY_PORT: String(port) })).toBe(
    `keel gateway: port ${port} is in use: stop the other program or set KEEL_GATEWAY_PORT`,
  );
  taken.close();
  expect(await door.child('gateway').stop('SIGTERM')).toBe(0);
  await waitFor('the end', () => (door.child('gateway').process.exitCode === 0 ? true : undefined));
  await door.stop();
});

test('a signature thread that dies ends the process, with one sentence that says so', async () => {
  // The thread is ended from inside, at a signal: from outside a thread cannot be told from its process.
  const hook = 'process.once("worker",(worker)=>process.on("SIGUSR2",()=>{worker.terminate()}))';
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(hook)}`;
  const door = await startDoor({ gateway: { NODE_OPTIONS, KEEL_SIGNATURE_THREADS: '1' } });
  const { process: gateway, output } = door.child('gateway');
  gateway.kill('SIGUSR2');
  const [code] = await once(gateway, 'exit');
  expect(code).toBe(1);
  expect(output()).toMatch(/^keel gateway: .*a signature thread ended with code \d+$/m);
  await door.stop();
});
