import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { hashAction, keelDomain, type PlaceOrderAction, recoverSigner, signAction } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterEach, describe, expect, test } from 'vitest';
import type { RequestClass } from '../src/admission/requestClass.ts';
import type { SignatureJob } from '../src/signatures/signatureJob.ts';
import { SignaturePool } from '../src/signatures/signaturePool.ts';
import { KEY, OWNER } from './readModelOf.ts';
import { GOOD_ORDER, GUARD } from './signedOrder.ts';
import { CHAIN_ID, SETTLEMENT, until } from './startExchange.ts';

const domain = keelDomain(CHAIN_ID, SETTLEMENT);
const action: PlaceOrderAction = { primaryType: 'PlaceOrder', ...GUARD, ...GOOD_ORDER };
const signature = signAction(domain, action, KEY);
const other = signAction(domain, action, `0x${'07'.repeat(32)}`);
const hash = hashAction(domain, action);

/** The judge is the reference recovery, which shares no curve arithmetic with the native one. */
const JOBS: readonly SignatureJob[] = [
  { action, signature },
  { hash, signature },
  { action, signature: other },
  { action: { ...action, size: '0.002' }, signature },
  { action, signature: '0x12' },
  { action, signature: `0x${'00'.repeat(65)}` },
  { hash, signature: `${signature.slice(0, 130)}1d` },
  { hash, signature: `0x${'ff'.repeat(64)}1b` as Hex },
];

const opened: SignaturePool[] = [];
async function open(threads: number, onFault: (fault: Error) => void = fail): Promise<SignaturePool> {
  const pool = await SignaturePool.open({ domain, threads, onChecked: () => undefined, onFault });
  opened.push(pool);
  return pool;
}
function fail(fault: Error): never {
  throw fault;
}
afterEach(async () => {
  for (const pool of opened.splice(0)) await pool.close();
});

describe.each([0, 1, 3])('%i threads', (threads) => {
  test('say what the reference says, one by one and all at once', async () => {
    const pool = await open(threads);
    const expected = JOBS.map((job) =>
      recoverSigner('hash' in job ? job.hash : hashAction(domain, job.action), job.signature),
    );
    expect(expected[0]).toBe(OWNER);
    for (const [at, job] of JOBS.entries()) expect(await pool.check(job, 'open')).toBe(expected[at]);
    const many = Array.from({ length: 200 }, (_item, at) => JOBS[at % JOBS.length] as SignatureJob);
    const verdicts = await Promise.all(many.map((job) => pool.check(job, 'change')));
    expect(verdicts).toEqual(many.map((_job, at) => expected[at % JOBS.length]));
  });

  test('a cancel that comes last is answered before what waits, and behind no more than the threads hold', async () => {
    const pool = await open(threads);
    const order: RequestClass[] = [];
    const ask = (requestClass: RequestClass) =>
      pool.check({ hash, signature }, requestClass).then(() => order.push(requestClass));
    const orders = Array.from({ length: 500 }, () => ask('open'));
    // By now threads have what they may have.
    await new Promise((resolve) => setImmediate(resolve));
    const urgent = [ask('change'), ask('reduce'), ask('cancel')];
    await Promise.all([...orders, ...urgent]);
    expect(order.indexOf('cancel')).toBeLessThan(order.indexOf('reduce'));
    expect(order.indexOf('reduce')).toBeLessThan(order.indexOf('change'));
    // Of several threads a busy machine may let one stand still, and with it what it was given.
    if (threads > 1) return;
    if (threads === 1) expect(order.indexOf('cancel')).toBeLessThanOrEqual(2 * 16);
    expect(order.indexOf('change')).toBeLessThan(order.lastIndexOf('open'));
  });

  test('what our own code cannot hash is a fault of the one request', async () => {
    const pool = await open(threads);
    const broken = { action: { ...action, nonce: -1 }, signature };
    const answers = await Promise.allSettled([pool.check(broken, 'open'), pool.check({ action, signature }, 'open')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await expect(pool.check(broken, 'open')).rejects.toThrow('a signature could not be checked');
  });
});

test('a batch of fifty orders goes to a thread by itself, and the jobs of others are not held up behind two', async () => {
  const pool = await open(1);
  const done: number[] = [];
  const sizes = [50, 50, 50, 1, 1];
  const asked = sizes.map((items, at) => pool.check({ hash, signature }, 'open', items).then(() => done.push(at)));
  await Promise.all(asked);
  expect(done).toEqual([0, 1, 2, 3, 4]);
});

test('within a class the order is kept, also when a later check is done first', async () => {
  const pool = await open(2);
  // Fifty orders to hash take one thread longer than one order takes the other.
  const orders = Array.from({ length: 50 }, () => GOOD_ORDER);
  const slow = {
    action: { primaryType: 'PlaceOrders' as const, ...GUARD, orders, grouping: 'none' as const },
    signature,
  };
  for (let round = 0; round < 20; round += 1) {
    const done: string[] = [];
    const ask = (name: string, job: SignatureJob, items: number) =>
      pool.check(job, 'open', items).then(() => done.push(name));
    await Promise.all([
      ask('slow', slow, 50),
      ask('fast', { hash, signature }, 1),
      ask('last', { hash, signature }, 1),
    ]);
    expect(done).toEqual(['slow', 'fast', 'last']);
  }
});

test('a thread that dies is told, with the reason', async () => {
  const began = once(process, 'worker') as Promise<[Worker]>;
  const faults: Error[] = [];
  await open(1, (fault) => faults.push(fault));
  const [worker] = await began;
  await worker.terminate();
  await until(() => faults.length === 1);
  expect(faults[0]?.message).toMatch(/^a signature thread ended with code \d+$/);
});

test('a pool that is closed ends its threads without a fault', async () => {
  const faults: Error[] = [];
  const pool = await open(2, (fault) => faults.push(fault));
  await pool.close();
  expect(faults).toEqual([]);
});
