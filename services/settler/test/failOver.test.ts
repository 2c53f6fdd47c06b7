import { createLogger } from '@keel/runtime';
import { type RedisSet, startRedisSet } from '@keel/test-servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Health } from '../src/health.ts';
import { openSettleQueue, type SettleQueue } from '../src/settleQueue.ts';

const log = createLogger({ service: 'settler-test', level: 'silent' });
/** The Sentinels' election, the worker's connection, and the lock of a job that was running. */
const BACK_MS_MAX = 20_000;
let set: RedisSet;
let queue: SettleQueue;
let done: number[];

beforeEach(async () => {
  set = await startRedisSet({ password: 'secret' });
  done = [];
  queue = await openSettleQueue({
    redisUrl: set.url,
    health: new Health(log, () => undefined),
    log,
    onOurFault: (fault) => {
      throw fault;
    },
    advance: async (batchIndex) => {
      done.push(batchIndex);
    },
  });
});
afterEach(async () => {
  await queue.close();
  await set.end();
});

/** Plans as the settler does: again and again, until it is done. */
async function settles(batchIndex: number): Promise<number> {
  const begun = performance.now();
  await expect
    .poll(
      async () => {
        await queue.plan(batchIndex, batchIndex).catch(() => undefined);
        return done.includes(batchIndex);
      },
      { timeout: BACK_MS_MAX, interval: 50 },
    )
    .toBe(true);
  return performance.now() - begun;
}

test('jobs go on at the new primary after the old one was killed', { timeout: 60_000 }, async () => {
  await settles(0);
  const old = await set.primary();
  await old.kill();
  console.info(`settling again after ${Math.round(await settles(1))} ms`);
  expect((await set.primary()).port).not.toBe(old.port);
  await settles(2);
});
