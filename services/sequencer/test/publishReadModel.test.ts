import { openReadModel, openReadModelWriter, type ReadModel } from '@keel/redis';
import { Exchange, emptyParts, entriesOf } from '@keel/replica';
import { createLogger } from '@keel/runtime';
import { type OwnRedis, startRedis } from '@keel/test-servers';
import { type Command, toSequence } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GENESIS_MARKETS } from '../src/genesisMarkets.ts';
import { ReadModelPublisher } from '../src/publishReadModel.ts';
import { deposit, ownerOf } from './traders.ts';

const HASH = `0x${'00'.repeat(32)}` as const;
const log = createLogger({ service: 'test', level: 'silent' });
let redis: OwnRedis;
let reader: ReadModel;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  redis = await startRedis();
  reader = await openReadModel(redis.url);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await reader.close();
  await redis.stop();
});

/** A node that has applied the same commands as every other, and the read model that it writes as a leader. */
async function lead(epoch: number, deposits: number) {
  const exchange = new Exchange(emptyParts());
  const apply = (command: Command): void => {
    const sequence = toSequence(exchange.state.sequence + 1);
    exchange.apply({ sequence, timeMs: 1_700_000_000_000 + sequence, command }, HASH);
  };
  for (const spec of GENESIS_MARKETS) apply({ kind: 'listMarket', spec });
  let applied = 0;
  const depositNext = (): void => {
    apply(deposit(applied, ownerOf(applied % 3), 1_000_000));
    applied += 1;
  };
  while (applied < deposits) depositNext();
  let fenced = 0;
  const publisher = new ReadModelPublisher(exchange, await openReadModelWriter(redis.url, { epoch }), log, () => {
    fenced += 1;
  });
  publisher.publish();
  closing.push(() => publisher.close());
  const applyOne = (): void => {
    depositNext();
    publisher.publish();
  };
  return { exchange, publisher, apply: applyOne, timesFenced: () => fenced };
}

const shows = async (sequence: number): Promise<void> => {
  await expect.poll(async () => (await reader.head().catch(() => undefined))?.sequence).toBe(sequence);
};

test('an older leader is fenced, told once, and writes nothing more', async () => {
  const older = await lead(7, 3);
  await shows(older.exchange.state.sequence);
  const newer = await lead(12, 4);
  await shows(newer.exchange.state.sequence);
  older.apply();
  await expect.poll(older.timesFenced).toBe(1);
  const { generation } = await reader.head();
  for (let more = 0; more < 5; more += 1) older.apply();
  await older.publisher.close();
  expect(older.timesFenced()).toBe(1);
  expect(older.publisher.fenced).toBe(true);
  expect((await reader.head()).generation).toBe(generation);
  newer.apply();
  await shows(newer.exchange.state.sequence);
  expect(newer.timesFenced()).toBe(0);
});

test('an older leader that is idle learns it by looking', async () => {
  const older = await lead(7, 3);
  await shows(older.exchange.state.sequence);
  await lead(12, 3);
  await expect.poll(older.timesFenced, { timeout: 5_000 }).toBe(1);
});

test('an exchange in which nothing happens still fills an emptied Redis', async () => {
  const { exchange, publisher } = await lead(7, 3);
  await shows(exchange.state.sequence);
  await redis.client.flushall();
  await expect.poll(() => publisher.rebuilds, { timeout: 5_000 }).toBe(2);
  await shows(exchange.state.sequence);
});

test('an older leader that filled an emptied Redis with its old state is overruled though nothing happens', async () => {
  const newer = await lead(12, 5);
  await shows(newer.exchange.state.sequence);
  await redis.client.flushall();
  const older = await lead(7, 3);
  await expect.poll(older.timesFenced, { timeout: 5_000 }).toBe(1);
  await shows(newer.exchange.state.sequence);
});

test('Redis comes back empty while nothing happens', async () => {
  const { exchange } = await lead(7, 3);
  await shows(exchange.state.sequence);
  await redis.kill();
  await redis.restart();
  await expect
    .poll(async () => (await reader.head().catch(() => undefined))?.sequence, { timeout: 5_000 })
    .toBe(exchange.state.sequence);
});

test('who leads no more leaves the changes to the publisher of the next term', async () => {
  const first = await lead(7, 3);
  await shows(first.exchange.state.sequence);
  // Of commands that the node applied after the term: the next publisher of this exchange has to write them.
  const { exchange, publisher } = first;
  const sequence = toSequence(exchange.state.sequence + 1);
  exchange.apply({ sequence, timeMs: 1_700_000_000_000 + sequence, command: deposit(3, ownerOf(0), 1) }, HASH);
  await publisher.close();
  expect(entriesOf(exchange.takeChanges())).toBeGreaterThan(0);
});
