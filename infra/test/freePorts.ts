import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below what systems give to connections that go out: a port that was free a moment ago is else soon somebody's end of a
 * connection, and the more ports a test needs, the surer.
 */
const FIRST = 15_000;
const LAST = 30_000;

/** Loopback ports that nobody listens on. All are held at the same time, so that no number is given twice. */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = randomInt(FIRST, LAST);
    const server = createServer().listen(port, '127.0.0.1');
    const taken = once(server, 'listening').catch(() => undefined);
    if ((await taken) !== undefined) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  return [...held.keys()];
}
