import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisSet, startRedisSet } from '@keel/test-servers';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type EventStream,
  openEventStream,
  openReadModel,
  openReadModelWriter,
  openSettlementWriter,
  type Publication,
  type ReadModel,
  ReadModelUnavailable,
  type ReadModelWriter,
} from '../src/index.ts';
import { diffAt, fullAt } from './diffAt.ts';
import { accountOf, at, OWNER } from './documentsOf.ts';
import { until } from './until.ts';

/** Silence after which the Sentinels of these tests act; an installation has 5 s or more. */
const DOWN_AFTER_MS = 500;
/** From the loss of the primary to a read model that is up to date; most of it is the Sentinels' election. */
const BACK_MS_MAX = 15_000;
/** A connection to a Redis that hangs is given up after this time. */
const SILENT_MS = 5_000;

let set: RedisSet;
let leader: Leader;
let reader: ReadModel;
let stream: EventStream | undefined;
let told: string[];

/**
 * A writer as the sequencer has it: applies a command every few milliseconds, whatever Redis does, and writes what it has
 * come to; a whole read model when it is told to, or when a write failed.
 */
class Leader {
  readonly writer: ReadModelWriter;
  sequence = 1;
  written = 0;
  rebuilds = 0;
  faults = 0;
  fenced = false;
  #rebuildDue = true;
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(writer: ReadModelWriter) {
    this.writer = writer;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.writer.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped && !this.fenced) {
      this.sequence += 1;
      try {
        if (!this.#rebuildDue) this.#take(await this.writer.write(diffAt(this.sequence)));
        if (this.#rebuildDue && !this.fenced) {
          this.#take(await this.writer.rebuild(fullAt(this.sequence)));
          this.rebuilds += 1;
        }
      } catch {
        this.faults += 1;
        this.#rebuildDue = true;
        await sleep(100);
      }
      await sleep(2);
    }
  }

  #take(outcome: string): void {
    this.fenced = outcome === 'fenced';
    this.#rebuildDue = outcome === 'rebuildNeeded';
    if (outcome === 'written') this.written = this.sequence;
  }
}

async function begin(downAfterMs = DOWN_AFTER_MS): Promise<void> {
  set = await startRedisSet({ downAfterMs, password: 'a secret?' });
  leader = new Leader(await openReadModelWriter(set.url, { epoch: 5 }));
  leader.start();
  await until(() => leader.written > 20);
  reader = await openReadModel(set.url);
  told = [];
  stream = await openEventStream(set.url, {
    onPublication: ({ head, prevSequence }: Publication) => told.push(`${head.sequence}<${prevSequence}`),
    onSettlement: () => undefined,
    onResync: ({ sequence }) => told.push(`resync ${sequence}`),
    onUnavailable: () => told.push('unavailable'),
  });
  await until(() => told.length > 20);
  await set.inStep();
}

afterEach(async () => {
  await stream?.close();
  stream = undefined;
  await reader.close();
  await leader.stop();
  await set.end();
});

/** Reads all the time; what is read is one sequence in itself, and never an older one than before. */
function watchReads(): { stop(): Promise<void>; readonly read: number } {
  let stopped = false;
  let newest = 0;
  let read = 0;
  const running = (async () => {
    while (!stopped) {
      await sleep(2);
      try {
        const view = await reader.account(at(OWNER));
        expect(view.account).toEqual(accountOf(view.head.sequence));
        expect(view.head.sequence).toBeGreaterThanOrEqual(newest);
        newest = view.head.sequence;
        read += 1;
      } catch (fault) {
        if (!(fault instanceof ReadModelUnavailable)) throw fault;
      }
    }
  })();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
    get read() {
      return read;
    },
  };
}

/** What the stream told is one chain after each resync, and no later resync is older than what was told before. */
function expectOneChain(): void {
  let sequence = 0;
  for (const words of told) {
    const [, resync] = /^resync (\d+)$/.exec(words) ?? [];
    const [, next, previous] = /^(\d+)<(\d+)$/.exec(words) ?? [];
    if (resync !== undefined) expect(Number(resync)).toBeGreaterThanOrEqual(sequence);
    if (previous !== undefined) expect(Number(previous)).toBe(sequence);
    if (words !== 'unavailable') sequence = Number(resync ?? next);
  }
}

/** Milliseconds until writer, reader and stream are all past what was applied when it was called. */
async function backAfter(what: string): Promise<number> {
  const begun = performance.now();
  const goal = leader.sequence + 1;
  await until(() => leader.written >= goal);
  const written = performance.now() - begun;
  await until(async () => {
    const head = await reader.head().catch(() => undefined);
    return head !== undefined && head.sequence >= goal;
  });
  const read = performance.now() - begun;
  await until(() => told.some((words) => Number(/\d+/.exec(words)?.[0] ?? 0) >= goal));
  const followed = performance.now() - begun;
  console.info(
    `${what}: written after ${Math.round(written)} ms, read after ${Math.round(read)} ms, followed after ${Math.round(followed)} ms, ${leader.rebuilds} rebuilds`,
  );
  return followed;
}

describe('the primary', { timeout: 60_000 }, () => {
  test('killed under writes: the replica has the read model, nobody is told anything old', async () => {
    await begin();
    const reads = watchReads();
    const old = await set.primary();
    await old.kill();
    expect(await backAfter('primary killed')).toBeLessThan(BACK_MS_MAX);
    expect((await set.primary()).port).not.toBe(old.port);
    await old.restart();
    await sleep(500);
    await reads.stop();
    expect(reads.read).toBeGreaterThan(10);
    expectOneChain();
    expect(leader.fenced).toBe(false);
  });

  test('hangs: everybody is at the new one, and the old one, when it goes on, changes nothing', async () => {
    await begin();
    const reads = watchReads();
    const old = await set.primary();
    old.stop();
    expect(await backAfter('primary hangs')).toBeLessThan(BACK_MS_MAX + SILENT_MS);
    old.cont();
    await sleep(2_000);
    await reads.stop();
    expectOneChain();
    const head = await (await set.primary()).client.hget('keel:head', 'sequence');
    expect(Number(head)).toBeGreaterThanOrEqual(leader.written - 50);
  });

  test('handed over by an operator', async () => {
    await begin();
    const reads = watchReads();
    const old = await set.primary();
    await set.promote();
    const begun = performance.now();
    expect(await backAfter('handed over, from the moment the Sentinels agree')).toBeLessThan(BACK_MS_MAX);
    // The Sentinels demote the old primary up to ten seconds later; what was written there until then is written anew.
    const next = await set.primary();
    await until(async () => Number(await next.client.hget('keel:head', 'sequence')) >= leader.written - 50);
    const left = performance.now() - begun;
    console.info(`the old primary was left after ${Math.round(left)} ms`);
    expect(left).toBeLessThan(2 * BACK_MS_MAX);
    const held = await old.client.hget('keel:head', 'sequence');
    const written = leader.written;
    await until(() => leader.written > written + 50);
    expect(Number(await next.client.hget('keel:head', 'sequence'))).toBeGreaterThan(Number(held));
    await reads.stop();
    expectOneChain();
  });
});

describe('a replica that is behind becomes the primary', { timeout: 60_000 }, () => {
  test('the read model is rebuilt; readers are told nothing until then, and never the old state', async () => {
    // The Sentinels promote no replica that was cut off for more than ten times this.
    await begin(2 * DOWN_AFTER_MS);
    const reads = watchReads();
    const [old, stale] = [await set.primary(), await set.replica()];
    await set.leaveBehind();
    const missed = leader.written;
    await until(() => leader.written > missed + 60);
    const seen = (await reader.head()).sequence;
    const held = Number(await stale.client.hget('keel:head', 'sequence'));
    expect(held).toBeLessThan(seen - 20);
    await old.kill();
    const back = backAfter('stale replica promoted');
    expect(await back).toBeLessThan(BACK_MS_MAX);
    await reads.stop();
    expect((await set.primary()).port).toBe(stale.port);
    expect(leader.rebuilds).toBeGreaterThan(1);
    expectOneChain();
  });

  test('with nobody who writes, readers that have seen more are told that it is unavailable', async () => {
    await begin();
    const stale = await set.replica();
    await leader.stop();
    await set.inStep();
    const newest = (await reader.head()).sequence;
    // As a replica that missed the last flushes: same generation, lower sequence.
    await set.promote();
    await stale.client.hset('keel:head', 'sequence', newest - 3);
    await stale.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(
      async () =>
        (await reader.head().catch(String)) ===
        'ReadModelUnavailable: Redis fell back to an older state; it is being rebuilt',
    );
    await until(() => told.at(-1) === 'unavailable');
    const next = await openReadModelWriter(set.url, { epoch: 6 });
    await next.rebuild(fullAt(newest));
    expect((await reader.head()).sequence).toBe(newest);
    await until(() => told.at(-1) === `resync ${newest}`);
    await next.close();
  });

  test("the settler's batches that it lost are counted as none, so that all are written again", async () => {
    await begin();
    const settler = await openSettlementWriter(set.url);
    const batch = (batchIndex: number, status: 'sealed' | 'finalised') => ({ batchIndex, status }) as never;
    await settler.putBatch(batch(0, 'sealed'), []);
    await set.inStep();
    const mark = await (await set.primary()).client.hgetall('keel:settlement:mark');
    await settler.putBatch(batch(0, 'finalised'), []);
    expect(await settler.batchCount()).toBe(1);
    // As a replica that has the batch, but not its last status.
    await (await set.primary()).client.hset('keel:settlement:mark', mark);
    expect(await settler.batchCount()).toBe(0);
    await settler.putBatch(batch(0, 'finalised'), []);
    expect(await settler.batchCount()).toBe(1);
    await settler.close();
  });
});

describe('the Sentinels', { timeout: 60_000 }, () => {
  test('one that is gone or hangs is passed over, also at the start', async () => {
    await begin();
    await set.sentinels[0]?.kill();
    set.sentinels[1]?.stop();
    const late = await openReadModel(set.url);
    expect((await late.head()).sequence).toBeGreaterThan(0);
    await late.close();
  });

  test('none there: one sentence', async () => {
    await begin();
    for (const sentinel of set.sentinels) await sentinel.kill();
    const fault = await openReadModel(set.url).catch(String);
    const hosts = set.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(', ');
    expect(fault).toContain(`RedisUnreachable: the Redis primary keel of the Sentinels ${hosts} cannot be reached: `);
    expect(fault).not.toContain('secret');
  });
});
