import { once } from 'node:events';
import { createLogger, createMetrics } from '@keel/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ApiError } from '../src/errors.ts';
import { Frame } from '../src/feed/frame.ts';
import { Topic } from '../src/feed/topic.ts';
import { createGatewayMetrics } from '../src/gatewayMetrics.ts';
import { SocketConnection, type SocketParts } from '../src/socket/socketConnection.ts';
import type { Heard } from './openSocket.ts';
import { OWNER } from './readModelOf.ts';
import { until } from './startExchange.ts';

const channel = { channel: 'account', account: OWNER } as const;
const topic = new Topic(channel, () => new Frame(channel, { type: 'snapshot', seq: 1, ts: 1 }, {}), 'state');
/** Reads of the account under way, in order of the requests: the test decides how each ends. */
let reads: { succeed(): void; fail(): void }[] = [];
const feed = {
  subscribe: (_params: object, join: (topic: Topic, missed: undefined) => void) =>
    new Promise<void>((resolve, reject) => {
      reads.push({
        succeed: () => {
          join(topic, undefined);
          resolve();
        },
        fail: () => reject(new ApiError('READ_MODEL_UNAVAILABLE')),
      });
    }),
};
const parts = {
  feed,
  commands: new Map(),
  metrics: createGatewayMetrics(createMetrics('gateway')),
  log: createLogger({ service: 'gateway-test', level: 'silent' }),
  messagesPerSecond: 1_000,
} as unknown as SocketParts;

const origin = { address: '127.0.0.1', connections: () => ({ max: 1, left: 0 }) };

let server: WebSocketServer;
let client: WebSocket;
let heard: Heard[];
beforeEach(async () => {
  reads = [];
  heard = [];
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (socket) => new SocketConnection(socket, parts, origin));
  const { port } = server.address() as { port: number };
  client = new WebSocket(`ws://127.0.0.1:${port}`);
  client.on('message', (data) => heard.push(JSON.parse(String(data)) as Heard));
  await once(client, 'open');
});
afterEach(() => {
  client.terminate();
  server.close();
});

const send = (id: number, method: string) =>
  client.send(JSON.stringify({ id, method, params: { channel: 'account', account: OWNER } }));
const answerTo = async (id: number): Promise<Heard> => {
  await until(() => heard.some((message) => message.id === id));
  return heard.find((message) => message.id === id) as Heard;
};

test('the first of two subscriptions fails: the second stands, and leaves with its client', async () => {
  send(1, 'subscribe');
  send(2, 'subscribe');
  await until(() => reads.length === 2);
  reads[1]?.succeed();
  expect((await answerTo(2)).result).toBeDefined();
  expect(topic.size).toBe(1);
  reads[0]?.fail();
  expect((await answerTo(1)).error?.code).toBe('READ_MODEL_UNAVAILABLE');
  client.terminate();
  await until(() => topic.size === 0);
});

test('unsubscribed while the account is read: both requests are answered and nothing is subscribed', async () => {
  send(1, 'subscribe');
  send(2, 'unsubscribe');
  await answerTo(2);
  reads[0]?.succeed();
  expect((await answerTo(1)).result).toBeDefined();
  expect(topic.size).toBe(0);
});
