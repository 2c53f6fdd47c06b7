import { setTimeout as sleep } from 'node:timers/promises';
import { type IntakeHandler, IntakeOutcomeUnknown, IntakeServer } from '@keel/intake';
import { type OwnRedis, startRedis } from '@keel/test-servers';
import type { Address } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bookkeeper } from './bookkeeper.ts';
import { type Anvil, startAnvil } from './startAnvil.ts';
import { batchDocs, startIntake, startWhole, TOKEN, until, withdrawalDocs } from './startParts.ts';

const bob: Address = `0x${'b0'.repeat(20)}`;

let anvil: Anvil;
let redis: OwnRedis;
let bookkeeper: Bookkeeper;
beforeEach(async () => {
  [anvil, redis] = await Promise.all([startAnvil(), startRedis()]);
  bookkeeper = new Bookkeeper();
}, 60_000);
afterEach(async () => {
  await Promise.all([anvil.stop(), redis.stop()]);
});

async function onL1(batches: number): Promise<boolean> {
  const docs = await batchDocs(redis);
  return docs.length >= batches && docs.every(({ status }) => status === 'committed' || status === 'finalised');
}

/** Trades until the sequencer has this many batches more. */
async function batchesMore(count: number): Promise<number> {
  const goal = bookkeeper.batches.length + count;
  while (bookkeeper.batches.length < goal) {
    bookkeeper.trade();
    await sleep(50);
  }
  return goal;
}

describe('what the settler does when a neighbour goes away', { timeout: 60_000 }, () => {
  test('Redis emptied: batches, withdrawals and payments are published again', async () => {
    const intake = await startIntake(bookkeeper);
    const { stop, faults } = await startWhole({
      anvil,
      redisUrl: redis.url,
      intakePort: intake.port,
      batchCommands: 1,
    });
    await anvil.deposit(5_000_000);
    bookkeeper.withdraw(bob, 1_000_000);
    const goal = await batchesMore(3);
    await until(() => onL1(goal));
    const before = await batchDocs(redis);
    const withdrawals = await withdrawalDocs(redis, bob);
    await redis.client.flushall();
    await until(async () => (await batchDocs(redis)).length === before.length);
    expect(await batchDocs(redis)).toEqual(before);
    expect(await withdrawalDocs(redis, bob)).toEqual(withdrawals);
    await batchesMore(1).then((more) => until(() => onL1(more)));
    expect(faults).toEqual([]);
    await stop();
    await intake.close();
  });

  test('the leader changes again and again, also with a batch on its way: nothing is lost or done twice', async () => {
    let leading = 0;
    let sealsLost = 0;
    const sealed = bookkeeper.submit.bind(bookkeeper);
    const handler: IntakeHandler = {
      batch: (batchIndex) => bookkeeper.batch(batchIndex),
      status: () => bookkeeper.status(),
      // Every other batch is sealed and its answer lost, as it is with a leader that dies after its commit.
      submit: async (role, command) => {
        const block = await sealed(role, command);
        if (command.kind !== 'sealBatch' || bookkeeper.batches.length % 2 === 0) return block;
        sealsLost += 1;
        throw new IntakeOutcomeUnknown('the leadership was lost');
      },
    };
    const nodes = await Promise.all(
      [0, 1].map(async (node) => {
        const server = new IntakeServer({
          host: '127.0.0.1',
          port: 0,
          token: TOKEN,
          handler,
          leadership: () => (leading === node ? 'leading' : { notLeader: undefined }),
        });
        return { server, port: await server.listen() };
      }),
    );
    const { stop, faults } = await startWhole({
      anvil,
      redisUrl: redis.url,
      intakePort: nodes.map(({ port }) => port),
      batchCommands: 1,
    });
    const moving = setInterval(() => {
      leading = 1 - leading;
      nodes[1 - leading]?.server.stepDown();
    }, 300);
    await anvil.deposit(5_000_000);
    const goal = await batchesMore(8);
    clearInterval(moving);
    await until(() => onL1(goal));
    await until(() => bookkeeper.deposits.length > 0);
    expect(bookkeeper.deposits).toHaveLength(1);
    expect(sealsLost).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await stop();
    await Promise.all(nodes.map(({ server }) => server.close()));
  });

  test('Redis killed and back, empty: deposits go on meanwhile, batches follow', async () => {
    const intake = await startIntake(bookkeeper);
    const { stop, settler, faults } = await startWhole({
      anvil,
      redisUrl: redis.url,
      intakePort: intake.port,
      batchCommands: 1,
    });
    await batchesMore(1).then((goal) => until(() => onL1(goal)));
    await redis.kill();
    await anvil.deposit(5_000_000);
    await until(() => bookkeeper.deposits.length === 1);
    await until(() => settler.reasons().some((reason) => reason.startsWith('Redis is away')));
    const goal = await batchesMore(2);
    await redis.restart();
    await until(() => onL1(goal));
    await until(() => settler.reasons().length === 0);
    expect(faults).toEqual([]);
    await stop();
    await intake.close();
  });

  test('L1 away and back: sealing goes on, nothing is lost, and readiness says which neighbour it was', async () => {
    const intake = await startIntake(bookkeeper);
    const { stop, settler, faults } = await startWhole({
      anvil,
      redisUrl: redis.url,
      intakePort: intake.port,
      batchCommands: 1,
    });
    await batchesMore(1).then((goal) => until(() => onL1(goal)));
    await anvil.deposit(5_000_000);
    await anvil.halt();
    await until(() => settler.reasons().some((reason) => reason.startsWith('L1 is away')));
    const goal = await batchesMore(2);
    await anvil.resume();
    await until(() => onL1(goal));
    await until(() => bookkeeper.deposits.length === 1);
    await until(() => settler.reasons().length === 0);
    expect(faults).toEqual([]);
    await stop();
    await intake.close();
  });

  test('the sequencer away and back: the settler goes on where it was', async () => {
    const intake = await startIntake(bookkeeper);
    const { stop, settler, faults } = await startWhole({
      anvil,
      redisUrl: redis.url,
      intakePort: intake.port,
      batchCommands: 1,
    });
    await batchesMore(1).then((goal) => until(() => onL1(goal)));
    await intake.close();
    await anvil.deposit(5_000_000);
    await until(() => settler.reasons().some((reason) => reason.startsWith('the sequencer is away')));
    const again = await startIntake(bookkeeper, intake.port);
    await until(() => bookkeeper.deposits.length === 1);
    await batchesMore(1).then((goal) => until(() => onL1(goal)));
    expect(faults).toEqual([]);
    await stop();
    await again.close();
  });

  test('a new settler takes up where the old one stopped, and credits no deposit twice', async () => {
    const intake = await startIntake(bookkeeper);
    const common = { anvil, redisUrl: redis.url, intakePort: intake.port, batchCommands: 1 } as const;
    const first = await startWhole(common);
    await anvil.deposit(5_000_000);
    await batchesMore(2).then((goal) => until(() => onL1(goal)));
    await first.stop();
    await anvil.deposit(6_000_000);
    const second = await startWhole(common);
    await until(() => bookkeeper.deposits.length === 2);
    await batchesMore(1).then((goal) => until(() => onL1(goal)));
    expect(bookkeeper.deposits.map(({ amountAtoms }) => amountAtoms)).toEqual([5_000_000, 6_000_000]);
    expect([...first.faults, ...second.faults]).toEqual([]);
    await second.stop();
    await intake.close();
  });

  test('with Redis gone for good the settler still stops', async () => {
    const intake = await startIntake(bookkeeper);
    const { stop } = await startWhole({ anvil, redisUrl: redis.url, intakePort: intake.port });
    await redis.kill();
    await stop();
    await intake.close();
  });
});
