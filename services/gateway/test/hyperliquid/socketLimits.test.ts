import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Publication } from '@keel/redis';
import { createLogger, createMetrics } from '@keel/runtime';
import { toSequence } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { createGatewayMetrics } from '../../src/gatewayMetrics.ts';
import { HappeningStream, type History } from '../../src/hyperliquid/socket/happeningStream.ts';
import {
  HyperliquidConnection,
  type HyperliquidConnectionParts,
} from '../../src/hyperliquid/socket/hyperliquidConnection.ts';
import { StateStream } from '../../src/hyperliquid/socket/stateStream.ts';
import type { Stream } from '../../src/hyperliquid/socket/stream.ts';
import { until } from '../startExchange.ts';
import { type HyperliquidClient, openHyperliquidSocket } from './openHyperliquidSocket.ts';

/** A frame of some size: what no test looks at. */
const PADDING = 'x'.repeat(20_000);
/** More than this machine's network holds for a reader that does not read, in frames. */
const MANY = 600;

let sequence = 0;
const flush = (): Publication => ({ head: { sequence: toSequence(sequence) } }) as Publication;

/** As the channels of the gateway are, but what they say is a count. */
let streams: Record<'l2Book' | 'userFills' | 'orderUpdates', Stream>;
const happenings = (channel: string, mayStartAnew: boolean) =>
  new HappeningStream({
    channel,
    read: async () => ({ sequence, happenings: [] }),
    pick: ({ head }) => [{ sequence: head.sequence, data: { count: head.sequence, padding: PADDING } }],
    frames: (told, isSnapshot) =>
      told.length === 0
        ? []
        : [{ isSnapshot, counts: told.map(({ data }) => (data as { count: number }).count), PADDING }],
    mayStartAnew,
    failed: (fault) => {
      throw fault;
    },
  });

let server: WebSocketServer;
let clients: HyperliquidClient[];
let connections: HyperliquidConnection[];
let idleMs: number | undefined;
/** Posts are answered when it resolves. */
let postsHeld: Promise<void> | undefined;
beforeEach(async () => {
  sequence = 0;
  clients = [];
  connections = [];
  idleMs = undefined;
  postsHeld = undefined;
  streams = {
    l2Book: new StateStream({
      channel: 'l2Book',
      everyMs: 0,
      touches: () => true,
      render: () => ({ data: { count: sequence, padding: PADDING }, sequence }),
    }),
    userFills: happenings('userFills', true),
    orderUpdates: happenings('orderUpdates', false),
  };
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    const parts = {
      channels: { open: ({ type }) => streams[type as keyof typeof streams] ?? streams.l2Book },
      runPost: async () => {
        await postsHeld;
        return { type: 'info', payload: PADDING };
      },
      admission: { saturated: false, holdReading: () => undefined },
      metrics: createGatewayMetrics(createMetrics('gateway')),
      log: createLogger({ service: 'gateway-test', level: 'silent' }),
      messagesPerSecond: 10_000,
      ...(idleMs === undefined ? {} : { idleMs }),
    } satisfies HyperliquidConnectionParts;
    connections.push(new HyperliquidConnection(socket, parts));
  });
  await once(server, 'listening');
});
afterEach(() => {
  for (const { socket } of clients) socket.terminate();
  server.close();
});

async function open(): Promise<HyperliquidClient> {
  const client = await openHyperliquidSocket((server.address() as { port: number }).port);
  clients.push(client);
  return client;
}

const user = `0x${'12'.repeat(20)}`;
const subscription = (type: string) => (type === 'l2Book' ? { type, coin: 'BTC' } : { type, user });

/** So many flushes, one after the other as the event loop takes them. */
async function flushes(count: number, ...told: readonly (keyof typeof streams)[]): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    sequence += 1;
    for (const type of told) streams[type].apply(flush());
    if (done % 20 === 0) await sleep(1);
  }
}

const countsOf = ({ heard }: HyperliquidClient, channel: string): number[] =>
  heard
    .filter((frame) => frame.channel === channel)
    .flatMap(({ data }) => {
      const { count, counts = [] } = data as { count?: number; counts?: number[] };
      return count === undefined ? counts : [count];
    });
const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

test('a slow reader misses books but the newest, and of what happened nothing; nobody else notices', async () => {
  const [slow, quick] = [await open(), await open()];
  for (const client of [slow, quick])
    for (const type of ['l2Book', 'userFills', 'orderUpdates']) await client.subscribe(subscription(type));
  slow.socket.pause();
  const beginMs = performance.now();
  await flushes(MANY, 'l2Book', 'userFills', 'orderUpdates');
  await until(() => countsOf(quick, 'orderUpdates').length === MANY);
  const quickMs = performance.now() - beginMs;
  expect(countsOf(quick, 'l2Book')).toEqual([0, ...upTo(MANY)]);
  expect(countsOf(quick, 'userFills')).toEqual(upTo(MANY));
  expect(slow.closed).toBeUndefined();
  slow.socket.resume();
  await until(() => countsOf(slow, 'orderUpdates').at(-1) === MANY && countsOf(slow, 'l2Book').at(-1) === MANY);
  expect(countsOf(slow, 'orderUpdates')).toEqual(upTo(MANY));
  expect(countsOf(slow, 'userFills')).toEqual(upTo(MANY));
  expect(countsOf(slow, 'l2Book').length).toBeLessThan(MANY);
  expect(slow.heard.every(({ data }) => (data as { isSnapshot?: boolean }).isSnapshot !== true)).toBe(true);
  // It is one among all again.
  await flushes(1, 'l2Book', 'userFills', 'orderUpdates');
  await until(() => countsOf(slow, 'userFills').at(-1) === MANY + 1 && countsOf(slow, 'l2Book').at(-1) === MANY + 1);
  expect(quickMs).toBeLessThan(20_000);
});

test('what is kept for a reader is bounded: fills begin anew, order updates end the connection', async () => {
  const [fills, orders] = [await open(), await open()];
  await fills.subscribe(subscription('userFills'));
  await orders.subscribe(subscription('orderUpdates'));
  fills.socket.pause();
  orders.socket.pause();
  await flushes(MANY + 1_100, 'userFills', 'orderUpdates');
  fills.socket.resume();
  orders.socket.resume();
  await until(() => countsOf(fills, 'userFills').at(-1) === sequence);
  const anew = fills.heard.filter(({ data }) => (data as { isSnapshot?: boolean }).isSnapshot === true);
  expect(anew.map(({ data }) => (data as { counts: number[] }).counts)).toEqual([upTo(sequence).slice(-1_000)]);
  await until(() => orders.closed !== undefined);
  expect(orders.closed?.code).toBe(4008);
});

test('whoever reads none of its own answers is closed at 4 MiB', async () => {
  const client = await open();
  client.socket.pause();
  // The answers wait in the network and then in the gateway; a hundred posts may be under way.
  for (let id = 0; id < 2_000; id += 1) {
    client.send({ method: 'post', id, request: {} });
    if (id % 50 === 0) await sleep(5);
  }
  await until(() => server.clients.size === 0 || [...server.clients].every(({ readyState }) => readyState > 1));
  client.socket.resume();
  await until(() => client.closed !== undefined);
  expect([1006, 4008]).toContain(client.closed?.code);
});

test('the 101st post under way is refused as the answer of its action, and the others are answered', async () => {
  let letGo: () => void = () => undefined;
  postsHeld = new Promise((resolve) => {
    letGo = resolve;
  });
  const client = await open();
  for (let id = 1; id <= 101; id += 1) client.send({ method: 'post', id, request: { type: 'action', payload: {} } });
  const response = {
    type: 'action',
    payload: { status: 'err', response: 'too many pending post requests id=101' },
  };
  expect(await client.data('post', 1)).toEqual([{ id: 101, response }]);
  letGo();
  const answers = (await client.data('post', 101)) as { id: number }[];
  expect(answers.slice(1).map(({ id }) => id)).toEqual(upTo(100));
});

test('silent for a while: closed, but not whoever pings or hears something', async () => {
  idleMs = 3_000;
  const [silent, pinging, hearing] = [await open(), await open(), await open()];
  await hearing.subscribe(subscription('l2Book'));
  while (silent.closed === undefined) {
    pinging.send({ method: 'ping' });
    await flushes(1, 'l2Book');
    await sleep(100);
  }
  expect(silent.closed).toEqual({ code: 1000, reason: expect.stringMatching(/^Inactive/) });
  expect([pinging.closed, hearing.closed]).toEqual([undefined, undefined]);
});

test('a thousand channels and no more; what was left is free for another', async () => {
  const client = await open();
  const other = (number: number) => ({ type: 'l2Book', coin: `C${number}` });
  for (let number = 0; number < 1_000; number += 1) client.send({ method: 'subscribe', subscription: other(number) });
  await client.data('subscriptionResponse', 1_000);
  client.send({ method: 'subscribe', subscription: other(1_000) });
  expect(await client.data('error', 1)).toEqual(['Cannot subscribe to more than 1000 channels.']);
  client.send({ method: 'unsubscribe', subscription: other(7) });
  await client.data('subscriptionResponse', 1_001);
  client.send({ method: 'subscribe', subscription: other(1_000) });
  await client.data('subscriptionResponse', 1_002);
});

test('a connection that ends leaves its streams', async () => {
  const client = await open();
  for (const type of ['l2Book', 'userFills', 'orderUpdates']) await client.subscribe(subscription(type));
  expect(Object.values(streams).map(({ size }) => size)).toEqual([1, 1, 1]);
  client.socket.terminate();
  await until(() => Object.values(streams).every(({ size }) => size === 0));
});

test('flushes that come while what happened is read are told once, those that it holds not again', async () => {
  let answer: (read: History) => void = () => undefined;
  const happening = (count: number) => ({ sequence: count, data: { count } });
  const stream = new HappeningStream({
    channel: 'userFills',
    read: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    pick: ({ head }) => [happening(head.sequence)],
    frames: (told, isSnapshot) => [[isSnapshot, ...told.map(({ data }) => (data as { count: number }).count)]],
    mayStartAnew: true,
    failed: (fault) => {
      throw fault;
    },
  });
  const heard: unknown[] = [];
  const follower = {
    hear: (_: Stream, frames: readonly Buffer[]) =>
      heard.push(...frames.map((frame) => JSON.parse(String(frame)).data)),
    lose: () => undefined,
  };
  stream.add(follower);
  for (sequence = 3; sequence <= 5; sequence += 1) stream.apply(flush());
  answer({ sequence: 4, happenings: [happening(2), happening(4)] });
  await until(() => heard.length === 2);
  // 3 is not among what was read: it was somebody else's, or left out there.
  expect(heard).toEqual([
    [true, 2, 4],
    [false, 5],
  ]);
  // The chain broke: it is read again, and tells what came since.
  stream.reload();
  sequence = 8;
  stream.apply(flush());
  answer({ sequence: 7, happenings: [happening(4), happening(6), happening(7)] });
  await until(() => heard.length === 4);
  expect(heard.slice(2)).toEqual([
    [false, 6, 7],
    [false, 8],
  ]);
  stream.close();
});
