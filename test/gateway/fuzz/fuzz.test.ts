import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeelClient } from '@keel/client';
import { keelDomain } from '@keel/signing';
import { endWithFile, freePort } from '@keel/test-servers';
import type { Hex } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from '../../e2e/childProcess.ts';
import { waitFor } from '../../e2e/waitFor.ts';
import { Dice } from '../dice.ts';
import { CHAIN_ID, type Door, gatewayMain, SETTLEMENT, startDoor } from '../startDoor.ts';
import { type Attack, chunks, fragments, longFrame, slowly } from './attacks.ts';
import type { Batch, Complain, Target } from './batch.ts';
import { floodSocket } from './floodSocket.ts';
import type { GoodClientResult } from './goodClient.ts';
import { TRADERS } from './goodRequests.ts';
import { holdLog } from './holdLog.ts';
import { Judge } from './judge.ts';
import { brokenFrames, brokenHttp, handshake } from './rawBatches.ts';
import { otherBodies, queries, questions, signedBodies, wireActions } from './restBatches.ts';
import { nativeFrames, wireFrames } from './socketBatches.ts';

/** `npm test -- --long` sends ten times as many, every time others. */
const LONG = process.env.KEEL_LONG === '1';
/** Less than 1 for a part of a run, by hand. */
const TIMES = LONG ? 10 : Number(process.env.KEEL_FUZZ_TIMES ?? 1);
/** Of all batches: batch number n has the seed SEED + n. */
const SEED = Number(process.env.KEEL_FUZZ_SEED ?? (LONG ? Date.now() % 1_000_000_000 : 1));
/** `signedBodies:1234` sends that one batch. */
const ONLY = process.env.KEEL_FUZZ_ONLY;
const TIMEOUT_MS = 600_000 * Math.ceil(TIMES);

/** How it is sent, how many of a run, and how many in one batch. */
const KINDS: Readonly<Record<string, readonly [batch: Batch, cases: number, each: number]>> = {
  signedBodies: [signedBodies, 59_500, 100],
  otherBodies: [otherBodies, 500, 50],
  queries: [queries, 25_000, 100],
  questions: [questions, 25_000, 100],
  wireActions: [wireActions, 25_000, 100],
  nativeFrames: [nativeFrames, 32_000, 200],
  wireFrames: [wireFrames, 20_000, 100],
  brokenFrames: [brokenFrames, 10_000, 100],
  brokenHttp: [brokenHttp, 3_000, 50],
};
/** Batches under way at once. */
const SENDERS = 4;
/** Of a run: what came before is what every gateway grows to once. */
const WARM_PART = 0.15;
const COMPLAINTS_MAX = 10;
const SHOWN_CHARACTERS_MAX = 1_500;

/**
 * What a run may leave behind, garbage collected. The gateway keeps answers under an Idempotency-Key (at most 32 MiB), budgets and
 * topics that were followed; nothing grows with what is refused. A leak of a few hundred bytes a request would be past this.
 */
const HEAP_GROWTH_MAX = 48 * 2 ** 20;
/** Of the process: pages that the allocators keep for the next burst come on top. */
const RESIDENT_GROWTH_MAX = 256 * 2 ** 20;
/** What `ws` would let through by itself, one less; held, they would take more than the gateway's whole heap. */
const FRAGMENTS = 16_383;
const CHUNKS = 2_000;

const USDC = 1_000_000;
const GOOD_KEY: Hex = `0x${'60'.repeat(32)}`;

let door: Door;
let prices: NodeJS.Timeout;
/** The last prices on their way. */
let pricing: Promise<unknown> = Promise.resolve();
let target: Target;
/** Lines of its log that say that something is wrong with it. */
const errorLines: string[] = [];

beforeAll(async () => {
  const preload = new URL('collectGarbage.ts', import.meta.url).href;
  door = await startDoor({
    gateway: {
      NODE_OPTIONS: `--import ${preload} --max-old-space-size=160 --max-semi-space-size=16`,
      KEEL_RATE_PER_MINUTE: '10000000',
      KEEL_WS_MESSAGES_PER_SECOND: '100000',
      KEEL_WS_CLIENTS_PER_ADDRESS: '2000',
    },
  });
  door.child('gateway').process.stdout?.on('data', (chunk: Buffer) => {
    errorLines.push(
      ...String(chunk)
        .split('\n')
        .filter((line) => /"level":"(error|fatal)"/.test(line)),
    );
  });
  const setPrices = (): Promise<unknown> => Promise.all([door.price(1, 600_000), door.price(2, 300_000)]);
  await setPrices();
  prices = setInterval(() => {
    pricing = setPrices();
  }, 1_500);
  for (const { key, owner, agent } of TRADERS) {
    await door.deposit(owner, 1_000_000 * USDC);
    const client = new KeelClient({ url: door.url, privateKey: key });
    await client.approveAgent({ agent });
    client.close();
  }
  const client = new KeelClient({ url: door.url, privateKey: GOOD_KEY });
  await door.deposit(client.address, 100_000 * USDC);
  client.close();
  const document = (await (await fetch(`${door.url}/openapi.json`)).json()) as ConstructorParameters<typeof Judge>[0];
  target = { port: Number(new URL(door.url).port), judge: new Judge(document), acknowledged: new Set() };
}, 120_000);
afterAll(async () => {
  clearInterval(prices);
  await door?.stop();
});

interface Planned {
  readonly kind: string;
  readonly seed: number;
  readonly cases: number;
}

/** Batches of all kinds, mixed. */
function plan(): Planned[] {
  if (ONLY !== undefined) {
    const [kind = '', seed = ''] = ONLY.split(':');
    return [{ kind, seed: Number(seed), cases: KINDS[kind]?.[2] ?? 0 }];
  }
  const batches = Object.entries(KINDS).flatMap(([kind, [, cases, each]]) => {
    const count = Math.ceil((cases * TIMES) / each);
    return Array.from({ length: count }, (_item, at) => ({ kind, cases: each, place: (at + 0.5) / count }));
  });
  const mixed = batches.toSorted((a, b) => a.place - b.place);
  return mixed.map(({ kind, cases }, at) => ({ kind, cases, seed: SEED + at }));
}

const sent: Record<string, number> = {};
const complaints: string[] = [];

async function send(batches: readonly Planned[]): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const planned = batches[next++];
      if (planned === undefined || complaints.length >= COMPLAINTS_MAX) return;
      const { kind, seed, cases } = planned;
      const complain: Complain = (what, asked, heard) => {
        const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, SHOWN_CHARACTERS_MAX);
        complaints.push(
          `KEEL_FUZZ_ONLY=${kind}:${seed} ${String(what)}\n  sent ${shown(asked)}\n  heard ${shown(heard)}`,
        );
      };
      await KINDS[kind]
        ?.[0](new Dice(seed), cases, target, complain)
        .catch((fault: unknown) => complain(fault, '', ''));
      sent[kind] = (sent[kind] ?? 0) + cases;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, work));
}

async function readFigures(): Promise<(name: string) => number> {
  const lines = (await (await fetch(`${door.url}/metrics`)).text()).split('\n');
  return (name) =>
    Number(
      lines
        .find((line) => line.startsWith(name))
        ?.split(' ')
        .at(-1),
    );
}

/** Bytes that the gateway holds once garbage is collected: of its heap, beside it, and of the process. */
async function held() {
  door.child('gateway').process.kill('SIGUSR2');
  await sleep(500);
  const figure = await readFigures();
  return {
    heap: figure('nodejs_heap_size_used_bytes'),
    external: figure('nodejs_external_memory_bytes'),
    resident: figure('process_resident_memory_bytes'),
  };
}

const inMiB = (figures: Awaited<ReturnType<typeof held>>) =>
  Object.fromEntries(Object.entries(figures).map(([name, bytes]) => [name, Math.round(bytes / 2 ** 20)]));

test('whatever comes in, what goes out is an answer', { timeout: TIMEOUT_MS }, async () => {
  const script = new URL('goodClient.ts', import.meta.url).pathname;
  const good = spawn(process.execPath, [script, door.url, GOOD_KEY], { stdio: ['pipe', 'pipe', 'inherit'] });
  endWithFile(good);
  const goodText = text(good.stdout);
  const pid = door.child('gateway').process.pid;
  const begin = performance.now();
  const slow = attackSlowly();
  const batches = plan();
  const warm = Math.ceil(batches.length * WARM_PART);
  await send(batches.slice(0, warm));
  const before = await held();
  await send(batches.slice(warm));
  const seconds = Math.round((performance.now() - begin) / 1_000);
  const cpuOfGateway = (await readFigures())('process_cpu_seconds_total');
  const { user, system } = process.cpuUsage();
  const cpu = { gateway: Math.round(cpuOfGateway), here: Math.round((user + system) / 1e6) };
  await sleep(1_000);
  const after = await held();
  good.stdin.end();
  const beside = JSON.parse(await goodText) as GoodClientResult;
  const total = Object.values(sent).reduce((sum, count) => sum + count, 0);
  const outcomes = Object.fromEntries([...target.judge.outcomes].toSorted(([, a], [, b]) => b - a));
  const figures = {
    seed: SEED,
    total,
    sent,
    seconds,
    cpu,
    before: inMiB(before),
    after: inMiB(after),
    beside,
    outcomes,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);

  expect(complaints).toEqual([]);
  expect(errorLines).toEqual([]);
  expect(beside.faults).toEqual([]);
  expect(beside.rounds).toBeGreaterThan(0);
  const { exitCode, signalCode, pid: pidNow } = door.child('gateway').process;
  expect([exitCode, signalCode, pidNow]).toEqual([null, null, pid]);
  expect(after.heap - before.heap).toBeLessThan(HEAP_GROWTH_MAX);
  expect(after.resident - before.resident).toBeLessThan(RESIDENT_GROWTH_MAX);
  // Whoever sends a byte a second was shown out meanwhile.
  await waitFor(
    'the slow ones to be ended',
    () => slow.every(({ lastedMs }) => lastedMs < Infinity) || undefined,
    90_000,
  );
  const lasted = slow.slice(0, 3).map(({ lastedMs }) => Math.round(lastedMs / 1_000));
  process.stdout.write(
    `${JSON.stringify({ secondsOfSlow: { head: lasted[0], body: lasted[1], frame: lasted[2] } })}\n`,
  );
});

/** Some of each: a head, a body and a frame that come byte by byte. */
function attackSlowly(): Attack[] {
  const { port } = target;
  const head = 'POST /v1/orders HTTP/1.1\r\nHost: keel\r\n';
  return Array.from({ length: 30 }, (_item, at) => {
    if (at % 3 === 0) return slowly(port, Buffer.from(`${head}X-Slow: `), 1_000);
    if (at % 3 === 1) return slowly(port, Buffer.from(`${head}Content-Length: 60000\r\n\r\n{`), 1_000);
    return slowly(port, Buffer.concat([handshake('/v1/ws'), longFrame()]), 1_000);
  });
}

test('messages without end are ended, and hold little until then', { timeout: TIMEOUT_MS }, async () => {
  const before = await held();
  const { port } = target;
  const paths = Array.from({ length: 90 }, (_item, at) => (at % 2 === 0 ? '/v1/ws' : '/ws'));
  const inFragments = paths.map((path) => fragments(port, path, FRAGMENTS));
  const inChunks = await Promise.all(paths.map((path) => chunks(port, path, CHUNKS)));
  const attacks = [...inFragments, ...inChunks];
  await waitFor(
    'messages in fragments to be ended',
    () => inFragments.every(({ lastedMs }) => lastedMs < Infinity) || undefined,
  );
  const during = await held();
  process.stdout.write(`${JSON.stringify({ before: inMiB(before), during: inMiB(during) })}\n`);
  for (const attack of attacks) attack.end();
  expect(inFragments.filter(({ heard }) => !heard.includes('\x88\x02\x03\xf0'))).toEqual([]);
  expect(during.heap - before.heap).toBeLessThan(HEAP_GROWTH_MAX);
  expect(during.resident - before.resident).toBeLessThan(RESIDENT_GROWTH_MAX);
});

test('the limits of every day: floods are told so and shown out, the rest is answered as ever', {
  timeout: TIMEOUT_MS,
}, async () => {
  const port = await freePort();
  const gateway = startChild('gateway', process.execPath, [gatewayMain], {
    ...door.env,
    KEEL_GATEWAY_PORT: String(port),
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor('the gateway', async () => {
    if (gateway.process.exitCode !== null) throw new Error(gateway.output());
    return (await fetch(`${url}/readyz`)).ok || undefined;
  });
  const everyday = { ...target, port };
  for (const [kind, [batch, , each]] of Object.entries(KINDS)) {
    const complain: Complain = (what, asked, heard) => {
      complaints.push(JSON.stringify([kind, String(what), asked, heard]).slice(0, SHOWN_CHARACTERS_MAX));
    };
    await batch(new Dice(SEED), each, everyday, complain);
  }
  expect(complaints).toEqual([]);
  const ping = JSON.stringify({ id: 1, method: 'ping' });
  const wirePing = JSON.stringify({ method: 'ping' });
  // Its own second of messages, a thousand refusals, and what is refused a second; then it is enough.
  expect(await floodSocket(`ws://127.0.0.1:${port}/v1/ws`, ping, 6_000)).toEqual({
    code: 4029,
    refusals: ['RATE_LIMITED'],
  });
  expect(await floodSocket(`ws://127.0.0.1:${port}/ws`, wirePing, 6_000)).toMatchObject({ code: 4029 });
  expect(await floodSocket(`ws://127.0.0.1:${port}/v1/ws`, '{', 11)).toEqual({ code: 4000, refusals: ['BAD_JSON'] });
  expect(await floodSocket(`ws://127.0.0.1:${port}/ws`, '[', 11)).toMatchObject({ code: 4000 });
  expect(await floodSocket(`ws://127.0.0.1:${port}/v1/ws`, 'a'.repeat(70_000), 1)).toMatchObject({ code: 1009 });
  expect(gateway.process.exitCode).toBe(null);
  await gateway.stop();
});

test('the log has only what was signed so, and nothing that was refused changed anything', {
  timeout: TIMEOUT_MS,
}, async () => {
  clearInterval(prices);
  await pricing;
  expect(await door.child('sequencer').stop()).toBe(0);
  const { done, changedByRefusals, wronglySigned, ...counts } = await holdLog(
    door.env.KEEL_DATA_DIR ?? '',
    keelDomain(CHAIN_ID, SETTLEMENT),
  );
  process.stdout.write(`${JSON.stringify({ ...counts, done: done.length })}\n`);
  expect([changedByRefusals, wronglySigned]).toEqual([[], []]);
  expect(counts.refused).toBeGreaterThan(0);
  expect(done.length).toBeGreaterThan(0);
  // Everything that anybody was told to be done is in the log as done.
  const inLog = new Set(done);
  expect([...target.acknowledged].filter((sequence) => !inLog.has(sequence))).toEqual([]);
});
