import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSequencedCommand } from '@keel/codec';
import type { IntakeClient } from '@keel/intake';
import { openJournal } from '@keel/journal';
import { type MarketDoc, openReadModel } from '@keel/redis';
import { openExchange, verifyJournal } from '@keel/replica';
import { createLogger } from '@keel/runtime';
import { toAccountId, toMarketId, toSequence } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fullReadModelOf } from '../src/readModelDocs.ts';
import { btcIndex } from './feeders.ts';
import {
  adminJson,
  connect,
  end,
  newPlace,
  type Running,
  type SequencerPlace,
  spawnSequencer,
  startRedis,
  startSequencer,
  until,
} from './processes.ts';
import { type Acked, deposit, limitOrder, ownerOf, randomOf, trade } from './traders.ts';

const TRADERS = 6;
const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);
const silent = createLogger({ service: 'test', level: 'silent' });

describe('sequencer process', { timeout: 120_000 }, () => {
  let dir: string;
  let place: SequencerPlace;
  let redis: Running | undefined;
  let sequencer: Running | undefined;
  let clients: IntakeClient[];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'keel-sequencer-'));
    place = await newPlace(join(dir, 'data'));
    redis = await startRedis(place.redisPort, dir);
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await end(sequencer, 'SIGKILL');
    await end(redis, 'SIGKILL');
    rmSync(dir, { recursive: true });
  });

  async function client(role: Parameters<typeof connect>[1]): Promise<IntakeClient> {
    const connected = await connect(place, role);
    clients.push(connected);
    return connected;
  }

  /** Money for the traders and a price, so that orders are taken. */
  async function fund(traders = TRADERS): Promise<void> {
    const settler = await client('settler');
    for (let trader = 1; trader <= traders; trader += 1)
      await settler.submit(deposit(trader - 1, ownerOf(trader), 1_000_000_000_000));
    const feed = await client('priceFeed');
    await feed.submit(btcIndex(600_000));
  }

  test('acknowledges in sequence, seals, publishes, and starts again with the same root after a clean stop', async () => {
    sequencer = await startSequencer(place);
    await fund(2);
    const gateway = await client('gateway');
    const resting = await gateway.submit(limitOrder(ownerOf(1), 'sell', 600_010, 500));
    expect(resting.events.map((event) => event.kind)).toEqual(['orderAccepted', 'orderRested']);
    const traded = await gateway.submit(limitOrder(ownerOf(2), 'buy', 600_010, 200));
    expect(traded.sequence).toBeGreaterThan(resting.sequence);
    expect(traded.timeMs).toBeGreaterThanOrEqual(resting.timeMs);
    expect(traded.events.some((event) => event.kind === 'orderFilled')).toBe(true);
    const refused = await gateway.submit(limitOrder(ownerOf(99), 'buy', 600_010, 200));
    expect(refused.events).toMatchObject([{ kind: 'commandRejected', code: 101 }]);

    const settler = clients[0] as IntakeClient;
    const { events, sequence } = await settler.submit({ kind: 'sealBatch' });
    expect(events).toMatchObject([{ kind: 'batchSealed', batchIndex: 0, firstSequence: 1, lastSequence: sequence }]);
    const batch = await settler.batch(0);
    expect(batch?.commandHashes).toHaveLength(sequence);
    expect(await settler.batch(1)).toBeUndefined();
    const status = await settler.status();
    expect(status).toMatchObject({ lastBatchIndex: 0, stateRoot: batch?.stateRoot, accounts: 2, openOrders: 1 });

    const reader = await openReadModel(`redis://127.0.0.1:${place.redisPort}`);
    await until(async () => (await reader.head()).sequence >= sequence);
    expect(await reader.book(toMarketId(1), 10)).toMatchObject({ bids: [], asks: [[600_010, 300]] });
    await reader.close();
    expect(await adminJson(place, '/readyz')).toEqual({ ok: true });
    const metrics = await (await fetch(`http://127.0.0.1:${place.adminPort}/metrics`)).text();
    expect(metrics).toContain(
      'keel_sequencer_commands_total{kind="placeOrder",result="accepted",service="sequencer"} 2',
    );
    expect(metrics).toMatch(/keel_sequencer_commit_seconds_count\{service="sequencer"\} [1-9]/);

    expect(await end(sequencer, 'SIGTERM')).toBe(0);
    const verified = await verifyJournal(place.dataDir, () => undefined);
    expect(verified).toMatchObject({ batches: 1, batchFilesCompared: 1, snapshot: { tailCommands: 0 } });
    sequencer = await startSequencer(place);
    await until(() => (clients[0] as IntakeClient).connected, sequencer);
    expect((await settler.status()).stateRoot).toBe(batch?.stateRoot);
    expect(await settler.batch(0)).toEqual(batch);
  });

  test('kill -9 at any moment loses nothing that was acknowledged', async () => {
    const random = randomOf(SEED);
    sequencer = await startSequencer(place, { KEEL_SNAPSHOT_COMMANDS: '1000' });
    await fund();
    const gateway = await client('gateway');
    const settler = clients[0] as IntakeClient;
    const acked: Acked[] = [];
    let stopped = false;
    // Several commands in flight per trader: some of each group have no reply yet when the process dies.
    const traders = Array.from({ length: TRADERS * 4 }, (_unused, index) =>
      trade(gateway, ownerOf(1 + (index % TRADERS)), randomOf(SEED * 1_000 + index), acked, () => stopped),
    );
    for (let round = 0; round < 4; round += 1) {
      const enough = acked.length + 300 + Math.floor(random() * 900);
      await until(() => acked.length >= enough, sequencer);
      await settler.submit({ kind: 'sealBatch' }).catch(() => undefined);
      await end(sequencer, 'SIGKILL');
      sequencer = await startSequencer(place, { KEEL_SNAPSHOT_COMMANDS: '1000' });
      await settler.ready();
      await (clients[1] as IntakeClient).ready();
      await (clients[1] as IntakeClient).submit(btcIndex(600_000));
    }
    stopped = true;
    await Promise.all(traders);
    const sealed = await settler.submit({ kind: 'sealBatch' });
    const { stateRoot, sequence } = await settler.status();
    expect(sequence).toBeGreaterThanOrEqual(sealed.sequence);
    // A thread makes it, and a process that is killed early takes the unfinished one along.
    await until(() => hasSnapshot(place.dataDir), sequencer);
    await end(sequencer, 'SIGKILL');

    const journal = await openJournal(place.dataDir);
    const logged = [...journal.read(1)].map((record) => decodeSequencedCommand(record.payload));
    await journal.close();
    for (const { command, submitted } of acked) {
      const { sequence: at, timeMs } = submitted;
      expect(logged[at - 1], `seed ${SEED}`).toEqual({ sequence: at, timeMs, command });
    }
    expect(new Set(acked.map(({ submitted }) => submitted.sequence)).size).toBe(acked.length);
    const verified = await verifyJournal(place.dataDir, () => undefined);
    expect(verified.snapshot?.sequence).toBeGreaterThan(0);
    const opened = await openExchange(place.dataDir, silent, new AbortController().signal);
    expect(opened.exchange.sealedRoot).toBe(stateRoot);
    expect(opened.exchange.stateRoot()).toBe(verified.stateRoot);
    await opened.journal.close();
  });

  test('the read model survives an emptied and a killed Redis, and equals one written anew', async () => {
    sequencer = await startSequencer(place);
    await fund();
    const gateway = await client('gateway');
    const acked: Acked[] = [];
    let stopped = false;
    const traders = Array.from({ length: TRADERS }, (_unused, index) =>
      trade(gateway, ownerOf(1 + index), randomOf(SEED * 77 + index), acked, () => stopped),
    );
    const more = (count: number): Promise<void> => {
      const enough = acked.length + count;
      return until(() => acked.length >= enough, sequencer);
    };
    await more(300);
    const url = `redis://127.0.0.1:${place.redisPort}`;
    const emptied = startFlush(place.redisPort);
    expect(await emptied).toContain('OK');
    await more(300);
    await end(redis, 'SIGKILL');
    // Nobody waits for Redis: the exchange goes on without it.
    await more(500);
    expect(await adminJson(place, '/readyz')).toEqual({ ok: true });
    redis = await startRedis(place.redisPort, dir);
    await more(300);
    stopped = true;
    await Promise.all(traders);
    await until(async () => readModelOf(await adminJson(place, '/status')).lagCommands === 0, sequencer);
    expect(readModelOf(await adminJson(place, '/status')).rebuilds).toBeGreaterThanOrEqual(3);
    expect(await end(sequencer, 'SIGTERM')).toBe(0);

    const { exchange, journal } = await openExchange(place.dataDir, silent, new AbortController().signal);
    await journal.close();
    const full = fullReadModelOf(exchange);
    const reader = await openReadModel(url);
    const { head, markets, exchange: counters } = await reader.markets();
    expect(head).toMatchObject(full.head);
    // The light of deleveraging is sampled while it runs, and an exchange that was only opened has sampled nothing.
    const unsampled = ({ deleverage: _, ...market }: MarketDoc) => market;
    expect(markets.map(unsampled)).toEqual(full.markets.map(unsampled));
    expect(counters).toEqual(full.exchange);
    const book = await reader.book(toMarketId(1), 500);
    const levels = [
      ...book.bids.map(([priceTicks, sizeLots]) => ({ marketId: 1, side: 'buy', priceTicks, sizeLots })),
      ...book.asks.map(([priceTicks, sizeLots]) => ({ marketId: 1, side: 'sell', priceTicks, sizeLots })),
    ];
    expect(levels).toEqual(full.levels);
    for (const account of full.accounts) {
      const view = await reader.accountById(toAccountId(account.accountId));
      expect(view.account).toEqual(account);
      const orders = full.orders.filter((order) => order.accountId === account.accountId);
      expect([...view.orders].sort((a, b) => a.orderId - b.orderId)).toEqual(orders);
    }
    const { trades } = await reader.trades(toMarketId(1), 1_000);
    expect([...trades].reverse()).toEqual(full.history.trades);
    expect(trades.length).toBeGreaterThan(50);
    const { candles } = await reader.candles(toMarketId(1), '1m', 1_000);
    expect(candles).toEqual(full.candles.filter(({ interval }) => interval === '1m'));
    await reader.close();
  });

  test('a missing batch file is written again, a torn tail is cut, a damaged journal is named', async () => {
    sequencer = await startSequencer(place);
    await fund(2);
    const settler = clients[0] as IntakeClient;
    await settler.submit({ kind: 'sealBatch' });
    const batch = await settler.batch(0);
    expect(await end(sequencer, 'SIGTERM')).toBe(0);
    rmSync(join(place.dataDir, 'batches'), { recursive: true });
    const segment = join(place.dataDir, 'segments', readdirSync(join(place.dataDir, 'segments'))[0] ?? '');
    appendFileSync(segment, 'half a record');

    sequencer = await startSequencer(place);
    expect(sequencer.output.stdout).toContain('cut a torn tail');
    await settler.ready();
    expect(await settler.batch(0)).toEqual(batch);
    expect(await end(sequencer, 'SIGTERM')).toBe(0);

    const batchFile = join(place.dataDir, 'batches', '000000000000.json');
    const batchText = readFileSync(batchFile, 'utf8');
    rmSync(join(place.dataDir, 'snapshots'), { recursive: true });
    writeFileSync(batchFile, batchText.replace(String(batch?.stateRoot), `0x${'11'.repeat(32)}`));
    sequencer = spawnSequencer(place);
    expect(await sequencer.ended).toBe(1);
    expect(sequencer.output.stderr).toContain(`batch 0 was sealed with root 0x${'11'.repeat(32)}`);
    await expect(verifyJournal(place.dataDir, () => undefined)).rejects.toThrow('batch 0 was sealed with root');
    await expect(verifyJournal(join(place.dataDir, 'segments'), () => undefined)).rejects.toThrow(
      'there is no journal',
    );
    writeFileSync(batchFile, batchText);
    await verifyJournal(place.dataDir, () => undefined);

    const damaged = { ...place, dataDir: join(dir, 'damaged') };
    cpSync(place.dataDir, damaged.dataDir, { recursive: true });
    writeFileSync(join(damaged.dataDir, 'segments', readdirSync(join(damaged.dataDir, 'segments'))[0] ?? ''), 'x');
    sequencer = spawnSequencer(damaged);
    expect(await sequencer.ended).toBe(1);
    expect(sequencer.output.stderr).toMatch(/^keel sequencer: the journal is damaged: .*\n$/);
  });

  test('what cannot start says so in one sentence', async () => {
    sequencer = await startSequencer(place);
    const fresh = await newPlace(join(dir, 'other'));
    writeFileSync(join(dir, 'file'), '');
    const faults: [Partial<SequencerPlace>, string][] = [
      [{ ...fresh, dataDir: place.dataDir, redisPort: place.redisPort }, 'is in use by the running process'],
      [
        { ...fresh, adminPort: place.adminPort },
        `port ${place.adminPort} is in use: stop the other program or set KEEL_ADMIN_PORT`,
      ],
      [
        { ...fresh, redisPort: place.redisPort, intakePort: place.intakePort },
        `port ${place.intakePort} is in use: stop the other program or set KEEL_INTAKE_PORT`,
      ],
      [fresh, `Redis at 127.0.0.1:${fresh.redisPort} cannot be reached`],
      [{ ...fresh, dataDir: join(dir, 'file', 'data') }, 'a part of the path is a file and not a folder'],
    ];
    for (const [other, sentence] of faults) {
      const second = spawnSequencer({ ...place, ...other });
      expect(await second.ended, sentence).toBe(1);
      expect(second.output.stderr).toContain(sentence);
      expect(second.output.stderr.trim().split('\n')).toHaveLength(1);
    }
    const unset = spawnSequencer(place, { KEEL_INTAKE_TOKEN: 'short', KEEL_QUEUE_MAX: '0' });
    expect(await unset.ended).toBe(1);
    expect(unset.output.stderr).toMatch(/^keel sequencer: configuration: KEEL_INTAKE_TOKEN .*; KEEL_QUEUE_MAX .*\n$/);
  });

  test('a full queue turns commands away and takes them again later', async () => {
    sequencer = await startSequencer(place, { KEEL_QUEUE_MAX: '5' });
    await fund(1);
    const gateway = await client('gateway');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () => gateway.submit(limitOrder(ownerOf(1), 'buy', 590_000, 100))),
    );
    const away = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason.name);
    expect(new Set(away)).toEqual(new Set(['IntakeOverloaded']));
    const taken = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.sequence] : []));
    expect(taken.length + away.length).toBe(200);
    expect(new Set(taken).size).toBe(taken.length);
    const { sequence } = await gateway.submit(limitOrder(ownerOf(1), 'buy', 590_000, 100));
    expect(sequence).toBeGreaterThan(Math.max(...taken));
    expect(sequence).toBeGreaterThan(toSequence(0));
  });
});

function readModelOf(status: Record<string, unknown>): { lagCommands: number; rebuilds: number } {
  return status.readModel as { lagCommands: number; rebuilds: number };
}

async function startFlush(port: number): Promise<string> {
  const { createConnection } = await import('node:net');
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('FLUSHALL\r\n'));
    socket.once('data', (data) => {
      resolve(String(data));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

function hasSnapshot(dataDir: string): boolean {
  const folder = join(dataDir, 'snapshots');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.snap'));
}
