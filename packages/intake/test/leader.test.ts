import { once } from 'node:events';
import { decodeServerFrame, encodeClientFrame } from '@keel/codec';
import { toSequence } from '@keel/types';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  createSubmitUntil,
  IntakeHandingOver,
  type IntakeHandler,
  IntakeOutcomeUnknown,
  IntakePaused,
  IntakeUnavailable,
  type Leadership,
} from '../src/index.ts';
import { COMMANDS } from './commands.ts';
import { countingHandler, startClient, startServer, TOKEN } from './startIntake.ts';

const ORDER = COMMANDS.placeOrder;

const TIME = {
  monotonicMs: () => performance.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A node that leads or not, as the test says. */
async function startNode(options: { readonly leads: boolean; readonly handler?: IntakeHandler }) {
  const handler = countingHandler();
  const node = { leadership: (options.leads ? 'leading' : { notLeader: undefined }) as Leadership };
  const { server, url } = await startServer({
    handler: options.handler ?? handler,
    leadership: () => node.leadership,
  });
  const stepDown = (leaderUrl: string | undefined) => {
    node.leadership = { notLeader: leaderUrl };
    server.stepDown();
  };
  const lead = () => {
    node.leadership = 'leading';
  };
  return { taken: handler.taken, server, url, stepDown, lead, follow: (url: string) => stepDown(url) };
}

it('finds the leader among its addresses, whichever it is and whoever knows of it', async () => {
  const leader = await startNode({ leads: true });
  const follower = await startNode({ leads: false });
  const knowing = await startNode({ leads: false });
  knowing.follow(leader.url);
  const table = [
    [leader.url, follower.url],
    [follower.url, leader.url],
    [knowing.url, follower.url, leader.url],
    ['ws://127.0.0.1:1', follower.url, leader.url],
  ];
  for (const urls of table) {
    const client = await startClient(leader.url, 'gateway', { url: urls });
    await client.submit(ORDER);
  }
  expect(leader.taken).toHaveLength(table.length);
  expect(follower.taken).toHaveLength(0);
});

it('goes where the old leader says, at once, and takes the replies it owes along', async () => {
  let answer = () => {};
  const owing: IntakeHandler = {
    ...countingHandler(),
    submit: () =>
      new Promise((resolve) => {
        answer = () => resolve({ sequence: toSequence(41), timeMs: 1, events: [] });
      }),
  };
  const first = await startNode({ leads: true, handler: owing });
  const second = await startNode({ leads: true });
  const client = await startClient(first.url, 'gateway', { url: [first.url, second.url] });
  const owed = client.submit(ORDER);
  await vi.waitUntil(() => first.server.inFlight === 1);
  first.stepDown(second.url);
  await vi.waitUntil(() => second.server.connections === 1);
  await client.ready();
  expect((await client.submit(ORDER)).sequence).toBe(1);
  answer();
  expect((await owed).sequence).toBe(41);
  await vi.waitUntil(() => first.server.connections === 0);
  expect(client.connected).toBe(true);
});

it('tells the outcome of what an old leader never answers as unknown', async () => {
  const silent: IntakeHandler = { ...countingHandler(), submit: () => new Promise(() => {}) };
  const first = await startNode({ leads: true, handler: silent });
  const client = await startClient(first.url, 'gateway');
  const lost = client.submit(ORDER);
  const told = expect(lost).rejects.toBeInstanceOf(IntakeOutcomeUnknown);
  await vi.waitUntil(() => first.server.inFlight === 1);
  first.stepDown(undefined);
  await told;
});

it('does not go to an address that it was not given', async () => {
  const stranger = await startNode({ leads: true });
  const first = await startNode({ leads: true });
  const client = await startClient(first.url, 'gateway', { url: [first.url] });
  first.stepDown(stranger.url);
  await vi.waitUntil(() => !client.connected);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(stranger.server.connections).toBe(0);
  expect(client.connected).toBe(false);
  await expect(client.submit(ORDER)).rejects.toBeInstanceOf(IntakeUnavailable);
  first.lead();
  await client.ready();
  expect((await client.submit(ORDER)).sequence).toBe(1);
});

it('comes past two followers that each take the other for the leader', async () => {
  const left = await startNode({ leads: false });
  const right = await startNode({ leads: false });
  left.follow(right.url);
  right.follow(left.url);
  const leader = await startNode({ leads: true });
  const client = await startClient(leader.url, 'gateway', { url: [left.url, right.url, leader.url] });
  expect((await client.submit(ORDER)).sequence).toBe(1);
});

it('comes past a node that stands still, within a second', async () => {
  const leader = await startNode({ leads: true });
  // Takes connections and says nothing, as a stopped process does.
  const { createServer } = await import('node:net');
  const stopped = createServer();
  stopped.listen(0, '127.0.0.1');
  await once(stopped, 'listening');
  onTestFinished(() => void stopped.close());
  const { port } = stopped.address() as { port: number };
  const begun = performance.now();
  await startClient(leader.url, 'gateway', { url: [`ws://127.0.0.1:${port}`, leader.url] });
  expect(performance.now() - begun).toBeLessThan(1_500);
});

it('tells a stranger nothing about the leader', async () => {
  const follower = await startNode({ leads: false });
  follower.follow('ws://10.0.0.1:7070');
  const socket = new WebSocket(follower.url);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  const frames: Buffer[] = [];
  socket.on('message', (data: Buffer) => frames.push(data));
  socket.send(encodeClientFrame({ kind: 'hello', requestId: 0, token: 'x'.repeat(64), role: 'gateway' }));
  expect(((await once(socket, 'close')) as [number])[0]).toBe(4401);
  expect(frames).toEqual([]);

  const friend = new WebSocket(follower.url);
  onTestFinished(() => friend.terminate());
  await once(friend, 'open');
  friend.send(encodeClientFrame({ kind: 'hello', requestId: 0, token: TOKEN, role: 'gateway' }));
  const [data] = (await once(friend, 'message')) as [Buffer];
  expect(decodeServerFrame(data)).toEqual({ kind: 'notLeader', requestId: 0, leaderUrl: 'ws://10.0.0.1:7070' });
  expect(((await once(friend, 'close')) as [number])[0]).toBe(4409);
});

it('passes on why nothing was sequenced, and keeps the connection', async () => {
  const table = [
    [new IntakePaused('x'), 'INTAKE_PAUSED'],
    [new IntakeHandingOver('x'), 'INTAKE_HANDING_OVER'],
    [new IntakeUnavailable('x'), 'INTAKE_UNAVAILABLE'],
    [new IntakeOutcomeUnknown('x'), 'INTAKE_OUTCOME_UNKNOWN'],
  ] as const;
  for (const [error, code] of table) {
    const { url } = await startServer({ handler: { ...countingHandler(), submit: () => Promise.reject(error) } });
    const client = await startClient(url, 'gateway');
    await expect(client.submit(ORDER)).rejects.toMatchObject({ code });
    expect(client.connected).toBe(true);
  }
});

it('hands over 2,000 orders while leadership moves back and forth, each answered once', async () => {
  const nodes = [await startNode({ leads: true }), await startNode({ leads: false })] as const;
  const urls = nodes.map(({ url }) => url);
  const client = await startClient(urls[0] as string, 'gateway', { url: urls });
  const submitUntil = createSubmitUntil({ gate: client, time: TIME });
  let leading = 0;
  const move = setInterval(() => {
    const [from, to] = leading === 0 ? nodes : [nodes[1], nodes[0]];
    leading = 1 - leading;
    to.lead();
    from.stepDown(to.url);
  }, 20);
  onTestFinished(() => clearInterval(move));
  let done = 0;
  const lane = async () => {
    for (let order = 0; order < 100; order++) {
      const { submitted, retried } = await submitUntil(ORDER, performance.now() + 5_000);
      expect(submitted.sequence).toBeGreaterThan(0);
      expect(retried).toBe(false);
      done += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  expect(done).toBe(2_000);
  // These handlers answer at once, so nothing is ever owed and nothing is sent twice.
  expect(nodes[0].taken.length + nodes[1].taken.length).toBe(2_000);
  expect(nodes[1].taken.length).toBeGreaterThan(0);
});
