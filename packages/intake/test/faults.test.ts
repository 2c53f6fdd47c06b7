import { once } from 'node:events';
import { decodeServerFrame, encodeClientFrame } from '@keel/codec';
import type { EventBlock } from '@keel/types';
import { toSequence } from '@keel/types';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  IntakeClient,
  type IntakeHandler,
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakeServer,
  IntakeSignatureInvalid,
  IntakeUnavailable,
} from '../src/index.ts';
import { CLIENT_FRAME_BYTES_MAX } from '../src/limits.ts';
import { COMMANDS } from './commands.ts';
import { countingHandler, startClient, startServer, TOKEN } from './startIntake.ts';

const ORDER = COMMANDS.placeOrder;

/** A handler whose replies come only when the test says so. */
function heldHandler() {
  const held: ((block: EventBlock) => void)[] = [];
  let arrived = () => {};
  const handler: IntakeHandler = {
    ...countingHandler(),
    submit: () =>
      new Promise((resolve) => {
        held.push(resolve);
        arrived();
      }),
  };
  /** Resolves when `count` commands wait. */
  const waiting = (count: number) =>
    new Promise<void>((resolve) => {
      arrived = () => {
        if (held.length >= count) resolve();
      };
      arrived();
    });
  const release = () => {
    for (const [index, resolve] of held.splice(0).entries())
      resolve({ sequence: toSequence(index + 1), timeMs: 1, events: [] });
  };
  return { handler, waiting, release };
}

async function rawSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

/** The code with which the other side closes. */
async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

it('is unavailable before the first connection and after close', async () => {
  const client = new IntakeClient({ url: 'ws://127.0.0.1:1', token: TOKEN, role: 'gateway' });
  expect(client.connected).toBe(false);
  await expect(client.submit(ORDER)).rejects.toBeInstanceOf(IntakeUnavailable);
  const ready = client.ready();
  await client.close();
  await expect(ready).rejects.toBeInstanceOf(IntakeUnavailable);
  await expect(client.ready()).rejects.toBeInstanceOf(IntakeUnavailable);
});

it('does not let a wrong token in', async () => {
  const { url } = await startServer({ handler: countingHandler() });
  const client = new IntakeClient({ url, token: `${TOKEN.slice(1)}0`, role: 'gateway' });
  onTestFinished(() => client.close());
  await expect(client.ready()).rejects.toBeInstanceOf(IntakeNotAllowed);
  expect(client.connected).toBe(false);
});

it('closes a connection that asks before its hello, says hello twice, or says nothing', async () => {
  const { url } = await startServer({ handler: countingHandler() });
  const hello = encodeClientFrame({ kind: 'hello', requestId: 0, token: TOKEN, role: 'gateway' });
  const silent = await rawSocket(url);
  const eager = await rawSocket(url);
  eager.send(encodeClientFrame({ kind: 'status', requestId: 1 }));
  expect(await closeCode(eager)).toBe(4401);
  const twice = await rawSocket(url);
  twice.send(hello);
  twice.send(hello);
  expect(await closeCode(twice)).toBe(4401);
  expect(await closeCode(silent)).toBe(4408);
});

it('closes a connection that sends what is no frame, and serves the others on', async () => {
  const handler = countingHandler();
  const { url } = await startServer({ handler });
  const client = await startClient(url, 'gateway');
  const faults: [Buffer | string, number][] = [
    [Buffer.from([0xff, 0xff, 0xff]), 4400],
    [Buffer.alloc(0), 4400],
    ['{"json":"no"}', 4400],
    [Buffer.alloc(CLIENT_FRAME_BYTES_MAX + 1), 1009],
  ];
  for (const [bytes, code] of faults) {
    const socket = await rawSocket(url);
    socket.send(bytes);
    expect(await closeCode(socket)).toBe(code);
  }
  expect((await client.submit(ORDER)).sequence).toBe(1);
});

it('refuses what is above the bound and loses nothing below it', async () => {
  const { handler, waiting, release } = heldHandler();
  const { url, server } = await startServer({ handler, inFlightMax: 2 });
  const client = await startClient(url, 'gateway', { inFlightMax: 100 });
  const taken = [client.submit(ORDER), client.submit(ORDER)];
  await expect(client.submit(ORDER)).rejects.toBeInstanceOf(IntakeOverloaded);
  await waiting(2);
  expect(server.inFlight).toBe(2);
  release();
  expect((await Promise.all(taken)).map((reply) => reply.sequence)).toEqual([1, 2]);
});

it('holds its bound against a client that does not keep it', async () => {
  const { handler, waiting, release } = heldHandler();
  const { url } = await startServer({ handler, inFlightMax: 1 });
  const socket = await rawSocket(url);
  socket.send(encodeClientFrame({ kind: 'hello', requestId: 0, token: TOKEN, role: 'gateway' }));
  const frames: Buffer[] = [];
  socket.on('message', (data: Buffer) => frames.push(data));
  socket.send(encodeClientFrame({ kind: 'submit', requestId: 1, command: ORDER, retry: false }));
  socket.send(encodeClientFrame({ kind: 'submit', requestId: 2, command: ORDER, retry: false }));
  await waiting(1);
  while (frames.length < 2) await once(socket, 'message');
  release();
  while (frames.length < 3) await once(socket, 'message');
  expect(frames.map(decodeServerFrame)).toMatchObject([
    { kind: 'welcome', inFlightMax: 1 },
    { kind: 'refused', requestId: 2, reason: 'overloaded' },
    { kind: 'submitted', requestId: 1 },
  ]);
});

it('passes on that the sequencer is overloaded', async () => {
  const submit = () => Promise.reject(new IntakeOverloaded('queue full'));
  const { url } = await startServer({ handler: { ...countingHandler(), submit } });
  const client = await startClient(url, 'gateway');
  await expect(client.submit(ORDER)).rejects.toMatchObject({ code: 'INTAKE_OVERLOADED' });
  expect(client.connected).toBe(true);
});

it('passes on that a price report is not signed by its feeder', async () => {
  const submit = () => Promise.reject(new IntakeSignatureInvalid('no report of this feeder'));
  const { url } = await startServer({ handler: { ...countingHandler(), submit } });
  const client = await startClient(url, 'priceFeed');
  await expect(client.submit(COMMANDS.updateIndexPrice)).rejects.toBeInstanceOf(IntakeSignatureInvalid);
  expect(client.connected).toBe(true);
});

it('ends the connection when the handler fails; the outcome is then unknown', async () => {
  const submit = () => Promise.reject(new Error('disk'));
  const { url } = await startServer({ handler: { ...countingHandler(), submit } });
  const client = await startClient(url, 'gateway');
  await expect(client.submit(ORDER)).rejects.toBeInstanceOf(IntakeOutcomeUnknown);
  await client.ready();
  expect(client.connected).toBe(true);
});

it('says what a lost connection means for each request, and comes back by itself', async () => {
  const { handler } = heldHandler();
  const unanswered: IntakeHandler = { ...handler, batch: () => new Promise(() => {}) };
  const first = await startServer({ handler: unanswered });
  const gateway = await startClient(first.url, 'gateway');
  const settler = await startClient(first.url, 'settler');
  const order = gateway.submit(ORDER);
  const batch = settler.batch(0);
  await vi.waitUntil(() => first.server.inFlight === 2);
  const outcomes = Promise.allSettled([order, batch]);
  await first.server.close();
  const [orderOutcome, batchOutcome] = await outcomes;
  expect(orderOutcome).toMatchObject({ reason: { code: 'INTAKE_OUTCOME_UNKNOWN' } });
  expect(batchOutcome).toMatchObject({ reason: { code: 'INTAKE_UNAVAILABLE' } });

  await startServer({ handler: countingHandler(), port: first.port });
  await gateway.ready();
  expect((await gateway.submit(ORDER)).sequence).toBe(1);
});

it('lets what is in flight finish before it closes, and refuses what comes then', async () => {
  const { handler, waiting, release } = heldHandler();
  const { url, server } = await startServer({ handler });
  const client = await startClient(url, 'gateway');
  const before = client.submit(ORDER);
  await waiting(1);
  const closed = server.close();
  await expect(client.submit(ORDER)).rejects.toBeInstanceOf(IntakeOverloaded);
  release();
  expect((await before).sequence).toBe(1);
  await closed;
});

it('rejects with the system error when the port is taken', async () => {
  const { port } = await startServer({ handler: countingHandler() });
  const second = new IntakeServer({ host: '127.0.0.1', port, token: TOKEN, handler: countingHandler() });
  await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('does not start with a short token', () => {
  expect(() => new IntakeServer({ host: '127.0.0.1', port: 0, token: 'short', handler: countingHandler() })).toThrow(
    'token',
  );
});
