import { once } from 'node:events';
import { createMetrics } from '@keel/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Frame } from '../src/feed/frame.ts';
import { Topic } from '../src/feed/topic.ts';
import { createGatewayMetrics } from '../src/gatewayMetrics.ts';
import { CONFLATE_BYTES, UNREAD_BYTES_MAX } from '../src/socket/limits.ts';
import { Outbox } from '../src/socket/outbox.ts';
import { until } from './startExchange.ts';

/** Frames of 40 KiB: a stalled client's kernel buffers are full after some hundred of them. */
const FILLER = 'x'.repeat(40 * 1024);
const FRAMES = 600;

/** Server and client of one real connection; the client reads nothing while it is paused. */
interface Pair {
  readonly near: WebSocket;
  readonly client: WebSocket;
  readonly outbox: Outbox;
  readonly heard: { seq: number; prevSeq?: number; resync?: boolean; type: string; channel: string }[];
  overflows: number;
}

let server: WebSocketServer;
const metrics = createGatewayMetrics(createMetrics('gateway'));
beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});

async function connect(): Promise<Pair> {
  const { port } = server.address() as { port: number };
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(client, 'open');
  const [near] = await accepted;
  const outbox: Outbox = new Outbox(near, metrics, () => {
    pair.overflows += 1;
  });
  const pair: Pair = { near, client, outbox, heard: [], overflows: 0 };
  client.on('message', (data) => pair.heard.push(JSON.parse(String(data)) as Pair['heard'][number]));
  return pair;
}

/** A chain whose state is its last sequence. */
function chain(market: string) {
  const channel = { channel: 'trades', market } as const;
  let seq = 0;
  const topic = new Topic(channel, () => new Frame(channel, { type: 'snapshot', seq, ts: 0 }, {}), 'chain');
  const next = (): void => {
    seq += 1;
    const position = { type: 'update', seq, prevSeq: seq - 1, ts: 0 } as const;
    topic.publish(() => new Frame(channel, position, { FILLER }));
  };
  return { topic, next, last: () => seq };
}

test('a client that stops reading costs 256 KiB and a frame; the others hear everything; it goes on from a snapshot', async () => {
  const [slow, quick] = [await connect(), await connect()];
  const [btc, eth] = [chain('BTC-USD'), chain('ETH-USD')];
  for (const { topic } of [btc, eth]) for (const { outbox } of [slow, quick]) topic.add(outbox);
  await until(() => slow.heard.length === 2);
  slow.client.pause();
  let largest = 0;
  for (let count = 0; count < FRAMES; count += 1) {
    btc.next();
    eth.next();
    largest = Math.max(largest, slow.near.bufferedAmount);
    await until(() => quick.heard.length === 2 + 2 * (count + 1));
  }
  expect(largest, 'nothing was left unread: the buffers of this machine are larger than the test').toBeGreaterThan(
    CONFLATE_BYTES / 2,
  );
  expect(largest).toBeLessThan(CONFLATE_BYTES + 2 * FILLER.length);
  const before = slow.heard.length;
  slow.client.resume();
  for (const { topic, last } of [btc, eth]) {
    const own = () => slow.heard.filter((frame) => frame.channel === 'trades' && frame.seq === last());
    await until(() => own().length > 0 && topic.size === 2);
  }
  await until(() => slow.heard.filter(({ resync }) => resync === true).length === 2);
  expect(slow.heard.length).toBeGreaterThan(before);
  btc.next();
  eth.next();
  await until(() => slow.heard.slice(-2).every(({ type, prevSeq }) => type === 'update' && prevSeq === FRAMES));
  expect(slow.heard.filter(({ resync }) => resync === true)).toHaveLength(2);
  expect(slow.heard.filter(({ resync }) => resync === true).every(({ type }) => type === 'snapshot')).toBe(true);
  expect(slow.overflows).toBe(0);
}, 60_000);

test('a chain is whole around what was left out, again and again', async () => {
  const slow = await connect();
  const btc = chain('BTC-USD');
  btc.topic.add(slow.outbox);
  for (let round = 0; round < 3; round += 1) {
    slow.client.pause();
    for (let count = 0; count < 400; count += 1) {
      btc.next();
      if (count % 50 === 0) await new Promise(setImmediate);
    }
    slow.client.resume();
    await until(() => slow.heard.at(-1)?.seq === btc.last());
  }
  let seq = -1;
  for (const frame of slow.heard) {
    if (frame.type === 'update') expect(frame.prevSeq).toBe(seq);
    else expect(frame.seq).toBeGreaterThan(seq);
    seq = frame.seq;
  }
}, 60_000);

test('answers are not left out: more than 4 MiB of them unread, and its owner is told', async () => {
  const slow = await connect();
  slow.client.pause();
  let answered = 0;
  while (slow.overflows === 0) {
    slow.outbox.answer({ id: answered, result: { FILLER } });
    answered += 1;
    if (answered % 20 === 0) await new Promise(setImmediate);
  }
  expect(slow.near.bufferedAmount).toBeGreaterThan(UNREAD_BYTES_MAX);
  expect(slow.near.bufferedAmount).toBeLessThan(UNREAD_BYTES_MAX + 2 * FILLER.length);
}, 60_000);
