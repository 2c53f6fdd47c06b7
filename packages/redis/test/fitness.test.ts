import { type OwnRedis, startRedis } from '@keel/test-servers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRedis, openReadModel, openReadModelWriter, openSettlementWriter, RedisUnfit } from '../src/index.ts';
import { diffAt, fullAt } from './diffAt.ts';
import { until } from './until.ts';

let redis: OwnRedis;
beforeEach(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await redis.stop();
});

const faultOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'no fault',
    (fault: unknown) => fault,
  );

describe('a Redis that may evict keys', () => {
  const sentence = (policy: string): string =>
    `Redis at 127.0.0.1:${redis.port} has maxmemory-policy ${policy} and would delete parts of the read model when it is full: set noeviction`;

  test.each(['allkeys-lru', 'volatile-ttl'])('%s: no writer starts', async (policy) => {
    await redis.client.config('SET', 'maxmemory-policy', policy);
    for (const open of [openReadModelWriter, openSettlementWriter]) {
      const fault = await faultOf(open(redis.url));
      expect(fault).toBeInstanceOf(RedisUnfit);
      expect((fault as Error).message).toBe(sentence(policy));
    }
  });

  test('behind a new connection: an alarm, nothing is written; put right: it goes on within two seconds', async () => {
    const writer = await openReadModelWriter(redis.url);
    const refused: string[] = [];
    writer.onRefused((reason) => refused.push(reason));
    let connects = 0;
    writer.onConnected(() => {
      connects += 1;
    });
    await writer.rebuild(fullAt(1));
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(() => refused.length > 0);
    expect(refused).toEqual([sentence('allkeys-lru')]);
    expect(writer.connected).toBe(false);
    await expect(writer.write(diffAt(2))).rejects.toThrow(RedisUnfit);
    await expect(writer.rebuild(fullAt(2))).rejects.toThrow(RedisUnfit);
    expect(await redis.client.hget('keel:head', 'sequence')).toBe('1');

    await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
    await until(() => writer.connected);
    expect(connects).toBe(1);
    expect(await writer.rebuild(fullAt(2))).toBe('written');
    await writer.close();
  });

  test('is found out by INFO where CONFIG is forbidden; where both are, it is refused', async () => {
    await redis.client.acl('SETUSER', 'keel', 'on', '>secret', '~*', '&*', '+@all', '-config');
    const url = `redis://keel:secret@127.0.0.1:${redis.port}`;
    const writer = await openReadModelWriter(url);
    expect(writer.connected).toBe(true);
    await writer.close();
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(String(await faultOf(openReadModelWriter(url)))).toContain('allkeys-lru');
    await redis.client.acl('SETUSER', 'keel', '-info');
    expect(String(await faultOf(openReadModelWriter(url)))).toContain('allow CONFIG GET or INFO');
  });
});

describe('a password', () => {
  test.each([
    ['wrong', 'redis://:hunter2@'],
    ['missing', 'redis://'],
    ['wrong for this user', 'redis://ann:hunter2@'],
  ])('%s: one sentence without it', async (_what, begin) => {
    await redis.client.config('SET', 'requirepass', 'right');
    for (const open of [openReadModelWriter, openReadModel, openSettlementWriter]) {
      const fault = await faultOf(open(`${begin}127.0.0.1:${redis.port}`));
      expect(fault).toBeInstanceOf(RedisUnfit);
      expect((fault as Error).message).toBe(
        `Redis at 127.0.0.1:${redis.port} refuses the password: correct user and password in KEEL_REDIS_URL`,
      );
    }
  });
});

describe('a Redis that is away at the start', () => {
  test('is waited for by a writer that may', async () => {
    await redis.kill();
    const writer = await openReadModelWriter(redis.url, { epoch: 3, mayBeAway: true });
    expect(writer.connected).toBe(false);
    await expect(writer.rebuild(fullAt(1))).rejects.toThrow('cannot be reached');
    await redis.restart();
    await until(() => writer.connected);
    expect(await writer.rebuild(fullAt(1))).toBe('written');
    await writer.close();
  });
});

describe('an address that cannot be read', () => {
  test.each([
    'redis-sentinel://127.0.0.1:26379',
    'redis-sentinel://127.0.0.1:26379/',
    'redis-sentinel:///keel',
    'redis-sentinel://a:1,,b:2/keel',
    'redis-sentinel://a:99999/keel',
    'redis-sentinel://:hunter2@a:b:c/keel',
    'redis://:hunter2@[',
  ])('%s', (url) => {
    expect(() => createRedis(url, { lazyConnect: true })).toThrow(RedisUnfit);
    expect(() => createRedis(url, { lazyConnect: true })).not.toThrow('hunter2');
  });

  test('the parts of one that can', () => {
    const { options } = createRedis(
      'rediss-sentinel://ann:p%40ss%3A@h1,[::1]:7/the%20one?sentinelUser=s&sentinelPassword=%26',
      { lazyConnect: true },
    );
    expect(options).toMatchObject({
      sentinels: [
        { host: 'h1', port: 26_379 },
        { host: '::1', port: 7 },
      ],
      name: 'the one',
      username: 'ann',
      password: 'p@ss:',
      sentinelUsername: 's',
      sentinelPassword: '&',
      enableTLSForSentinelMode: true,
    });
  });
});
