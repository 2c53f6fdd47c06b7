import { type OwnRedis, startRedis } from '@keel/test-servers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type EventStream,
  openEventStream,
  openReadModel,
  openReadModelWriter,
  type Publication,
  type ReadModel,
  type ReadModelWriter,
} from '../src/index.ts';
import { diffAt, fullAt, levelsOf } from './diffAt.ts';
import { accountOf, at, OWNER } from './documentsOf.ts';
import { until } from './until.ts';

/** Two leaders, one after the other: the one of epoch 7 does not know yet that the one of epoch 12 took over. */
const OLD = 7;
const NEW = 12;
let redis: OwnRedis;
let older: ReadModelWriter;
let newer: ReadModelWriter;
let reader: ReadModel;
let stream: EventStream | undefined;

beforeEach(async () => {
  redis = await startRedis();
  older = await openReadModelWriter(redis.url, { epoch: OLD });
  newer = await openReadModelWriter(redis.url, { epoch: NEW });
  reader = await openReadModel(redis.url);
});
afterEach(async () => {
  await stream?.close();
  stream = undefined;
  await older.close();
  await newer.close();
  await reader.close();
  await redis.stop();
});

const head = async (): Promise<{ epoch: string | null; sequence: string | null }> => {
  const [epoch = null, sequence = null] = await redis.client.hmget('keel:head', 'epoch', 'sequence');
  return { epoch, sequence };
};

/** All that Redis holds, to see that a refused write left nothing; by content, as the bytes of one set may lie in any order. */
async function everything(): Promise<unknown[]> {
  const keys = (await redis.client.keys('*')).sort();
  return Promise.all(keys.map(async (key) => [key, await contentOf(key)]));
}

async function contentOf(key: string): Promise<unknown> {
  const { client } = redis;
  const type = await client.type(key);
  if (type === 'hash')
    return Object.entries(await client.hgetall(key)).sort(([one], [other]) => (one < other ? -1 : 1));
  if (type === 'zset') return client.zrange(key, '0', '-1', 'WITHSCORES');
  if (type === 'list') return client.lrange(key, 0, -1);
  if (type === 'stream') return client.xrange(key, '-', '+');
  if (type === 'string') return client.get(key);
  throw new Error(`${key} is a ${type}`);
}

describe('the head has the epoch of who rebuilt it, and refuses a lower one', () => {
  test('a diff of the older leader changes nothing', async () => {
    await older.rebuild(fullAt(1));
    expect(await older.write(diffAt(2))).toBe('written');
    expect(await newer.rebuild(fullAt(2))).toBe('written');
    const before = await everything();
    expect(await older.write(diffAt(3))).toBe('fenced');
    expect(await everything()).toEqual(before);
    expect(await newer.write(diffAt(3))).toBe('written');
    expect(await head()).toEqual({ epoch: '12', sequence: '3' });
  });

  test('a rebuild of the older leader changes nothing, however often it asks', async () => {
    await newer.rebuild(fullAt(5));
    const before = await everything();
    expect(await older.rebuild(fullAt(9))).toBe('fenced');
    expect(await older.rebuild(fullAt(9))).toBe('fenced');
    expect(await older.write(diffAt(10))).toBe('rebuildNeeded');
    expect(await everything()).toEqual(before);
  });

  test('the newer leader begins with a rebuild, and until then the older one writes', async () => {
    await older.rebuild(fullAt(1));
    expect(await newer.write(diffAt(2))).toBe('rebuildNeeded');
    expect(await older.write(diffAt(2))).toBe('written');
  });

  test.each([
    ['9', 10, 'written'],
    ['10', 9, 'fenced'],
    ['99', 100, 'written'],
    ['100', 99, 'fenced'],
    ['7', 7, 'written'],
    ['9007199254740993', Number.MAX_SAFE_INTEGER, 'fenced'],
  ])('epochs are numbers, not texts: %s held, %i asks: %s', async (held, epoch, outcome) => {
    await redis.client.hset('keel:head', 'epoch', held);
    const writer = await openReadModelWriter(redis.url, { epoch });
    expect(await writer.rebuild(fullAt(1))).toBe(outcome);
    await writer.close();
  });

  test('an exchange of one node has epoch 0 and is fenced by nobody', async () => {
    await newer.rebuild(fullAt(5));
    const alone = await openReadModelWriter(redis.url);
    expect(await alone.rebuild(fullAt(3))).toBe('written');
    expect(await alone.write(diffAt(4))).toBe('written');
    expect(await head()).toEqual({ epoch: '0', sequence: '4' });
    await alone.close();
  });

  test('looking says the same as writing would', async () => {
    expect(await older.look()).toBe('rebuildNeeded');
    await older.rebuild(fullAt(1));
    expect(await older.look()).toBe('held');
    await newer.rebuild(fullAt(1));
    expect([await older.look(), await newer.look()]).toEqual(['fenced', 'held']);
    await redis.client.flushall();
    expect(await newer.look()).toBe('rebuildNeeded');
  });
});

describe('a rebuild half-way', () => {
  /** Long enough to be met on its way: about a second. */
  const long = (sequence: number) => ({ ...fullAt(sequence), levels: levelsOf(400_000) });
  /** Commands that the rebuild has queued so far. */
  const queued = async (): Promise<number> => {
    const list = (await redis.client.client('LIST')) as string;
    return Number(/name=keel-read-model-rebuild .* multi=(-?\d+)/.exec(list)?.[1] ?? -1);
  };

  test('does not win when a higher epoch comes; readers never see it', async () => {
    await older.rebuild(fullAt(1));
    const rebuilding = older.rebuild(long(9));
    await until(async () => (await queued()) > 10);
    expect(await newer.rebuild(fullAt(2))).toBe('written');
    const before = await everything();
    expect(await rebuilding).toBe('fenced');
    expect(await everything()).toEqual(before);
    expect((await reader.head()).sequence).toBe(2);
  });

  test('of the higher epoch wins against the older leader that goes on writing and rebuilding', async () => {
    await older.rebuild(fullAt(1));
    const rebuilding = newer.rebuild(long(9));
    await until(async () => (await queued()) > 10);
    // From the claim on: the old read model is still there for readers, and nobody of a lower epoch changes it.
    expect((await reader.head()).sequence).toBe(1);
    expect(await older.write(diffAt(2))).toBe('fenced');
    expect(await older.rebuild(fullAt(3))).toBe('fenced');
    expect(await rebuilding).toBe('written');
    expect(await head()).toEqual({ epoch: '12', sequence: '9' });
  });

  test('in a Redis that is emptied meanwhile is begun anew', async () => {
    const rebuilding = newer.rebuild(long(9));
    await until(async () => (await queued()) > 10);
    await redis.client.flushall();
    await expect(rebuilding).rejects.toThrow('the head of the read model changed during the rebuild');
    expect(await newer.rebuild(fullAt(9))).toBe('written');
  });
});

describe('an emptied Redis', () => {
  test('has no epoch: an older leader may fill it, which the newer one notices at its next look or write', async () => {
    for (const notice of [() => newer.look(), () => newer.write(diffAt(6))]) {
      await newer.rebuild(fullAt(5));
      await redis.client.flushall();
      expect(await older.rebuild(fullAt(3))).toBe('written');
      expect((await reader.account(at(OWNER))).account).toEqual(accountOf(3));
      expect(await notice()).toBe('rebuildNeeded');
      expect(await newer.rebuild(fullAt(5))).toBe('written');
      expect((await reader.account(at(OWNER))).account).toEqual(accountOf(5));
      expect(await older.write(diffAt(4))).toBe('fenced');
    }
  });
});

describe('the event stream over a change of leader', () => {
  test('is a resync, never a gap and never the same flush twice', async () => {
    const told: string[] = [];
    await older.rebuild(fullAt(1));
    stream = await openEventStream(redis.url, {
      onPublication: ({ head, prevSequence }: Publication) => told.push(`${head.sequence}<${prevSequence}`),
      onSettlement: () => undefined,
      onResync: ({ sequence }) => told.push(`resync ${sequence}`),
      onUnavailable: () => told.push('unavailable'),
    });
    await until(() => told.includes('resync 1'));
    await older.write(diffAt(2));
    // The older leader has committed 3, which the newer one replayed; its flush comes too late.
    await until(() => told.includes('2<1'));
    await newer.rebuild(fullAt(3));
    expect(await older.write(diffAt(3))).toBe('fenced');
    await until(() => told.includes('resync 3'));
    await newer.write(diffAt(4));
    await until(() => told.includes('4<3'));
    expect(told).toEqual(['resync 1', '2<1', 'resync 3', '4<3']);
  });
});
