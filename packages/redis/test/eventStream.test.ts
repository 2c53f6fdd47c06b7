import { type OwnRedis, startRedis } from '@keel/test-servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type EventStream,
  openEventStream,
  openReadModelWriter,
  openSettlementWriter,
  type Publication,
  type ReadModelWriter,
} from '../src/index.ts';
import { diffAt, fullAt } from './diffAt.ts';
import { headAt, OWNER } from './documentsOf.ts';
import { until } from './until.ts';

let redis: OwnRedis;
let writer: ReadModelWriter;
let stream: EventStream | undefined;
/** What the listener was told, in order: `resync 1`, `2<1` (2 follows 1), `unavailable`, `settlement withdrawal`. */
let told: string[];

const listener = {
  onPublication: ({ head, prevSequence }: Publication) => told.push(`${head.sequence}<${prevSequence}`),
  onSettlement: (event: { kind: string }) => told.push(`settlement ${event.kind}`),
  onResync: (head: { sequence: number }) => told.push(`resync ${head.sequence}`),
  onUnavailable: () => told.push('unavailable'),
};

beforeEach(async () => {
  told = [];
  redis = await startRedis();
  writer = await openReadModelWriter(redis.url);
});
afterEach(async () => {
  await stream?.close();
  stream = undefined;
  await writer.close();
  await redis.stop();
});

const heard = (words: string) => until(() => told.includes(words));

test('starts at the head, then every flush in order, none twice', async () => {
  await writer.rebuild(fullAt(1));
  await writer.write(diffAt(2));
  stream = await openEventStream(redis.url, listener);
  await heard('resync 2');
  for (let sequence = 3; sequence <= 300; sequence += 1) await writer.write(diffAt(sequence));
  await heard('300<299');
  const expected = Array.from({ length: 298 }, (_, at) => `${at + 3}<${at + 2}`);
  expect(told).toEqual(['resync 2', ...expected]);
});

test('an empty Redis is unavailable until it is built', async () => {
  stream = await openEventStream(redis.url, listener);
  await heard('unavailable');
  expect(stream.live).toBe(false);
  await writer.rebuild(fullAt(1));
  await heard('resync 1');
  expect(stream.live).toBe(true);
});

test('a rebuild is a resync, and the chain goes on after it', async () => {
  await writer.rebuild(fullAt(1));
  stream = await openEventStream(redis.url, listener);
  await heard('resync 1');
  await writer.rebuild(fullAt(7));
  await heard('resync 7');
  await writer.write(diffAt(8));
  await heard('8<7');
  expect(told).toEqual(['resync 1', 'resync 7', '8<7']);
});

test('emptied and rebuilt while the reader waits: resync', async () => {
  await writer.rebuild(fullAt(1));
  await writer.write(diffAt(2));
  stream = await openEventStream(redis.url, listener);
  await heard('resync 2');
  await redis.client.flushall();
  expect(await writer.write(diffAt(3))).toBe('rebuildNeeded');
  await writer.rebuild(fullAt(3));
  await heard('resync 3');
  await writer.write(diffAt(4));
  await heard('4<3');
});

test('killed, back and rebuilt: unavailable once, then resync', async () => {
  await writer.rebuild(fullAt(1));
  stream = await openEventStream(redis.url, listener);
  await heard('resync 1');
  await redis.kill();
  await heard('unavailable');
  await redis.restart();
  await until(() => writer.connected);
  await writer.rebuild(fullAt(2));
  await heard('resync 2');
  expect(told).toEqual(['resync 1', 'unavailable', 'resync 2']);
});

test('entries lost to the bound of the stream are noticed', async () => {
  await writer.rebuild(fullAt(1));
  stream = await openEventStream(redis.url, listener);
  await heard('resync 1');
  // Two flushes of which the reader can only ever see the second.
  await redis.client.multi().xtrim('keel:events', 'MAXLEN', 0).exec();
  const publication = (sequence: number, prevSequence: number, generation: string) =>
    JSON.stringify({ generation, prevSequence, head: headAt(sequence) });
  const generation = (await redis.client.hget('keel:head', 'generation')) as string;
  await redis.client
    .multi()
    .hset('keel:head', 'sequence', 3)
    .xadd('keel:events', '*', 'publication', publication(3, 2, generation))
    .exec();
  await heard('resync 3');
  expect(told).toEqual(['resync 1', 'resync 3']);
});

test("the settler's documents arrive on the same stream", async () => {
  await writer.rebuild(fullAt(1));
  stream = await openEventStream(redis.url, listener);
  await heard('resync 1');
  const settler = await openSettlementWriter(redis.url);
  const withdrawal = {
    withdrawalIndex: 0,
    recipient: OWNER,
    assetId: 0,
    amountAtoms: 5,
    batchIndex: 0,
    position: 0,
    count: 1,
    siblings: [],
    status: 'sealed',
    l1TxHash: null,
  } as const;
  await settler.putWithdrawals([withdrawal]);
  await settler.close();
  await heard('settlement withdrawal');
});
