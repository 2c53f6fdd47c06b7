import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { watchProcess } from '../src/watchProcess.ts';

async function listen() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    die: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a process that was there and is not any more is told of, once and at once', async () => {
  const { url, sockets, die } = await listen();
  let gone = 0;
  const stop = watchProcess(url, () => {
    gone += 1;
  });
  await expect.poll(() => sockets.size).toBe(1);
  expect(gone).toBe(0);
  const diedMs = performance.now();
  die();
  await expect.poll(() => gone, { interval: 5 }).toBe(1);
  expect(performance.now() - diedMs).toBeLessThan(500);
  await wait(100);
  expect(gone).toBe(1);
  stop();
});

test('an address that refuses from the first says nothing about the process', async () => {
  const { url, die } = await listen();
  die();
  let gone = 0;
  const stop = watchProcess(url, () => {
    gone += 1;
  });
  await wait(800);
  expect(gone).toBe(0);
  stop();
});
