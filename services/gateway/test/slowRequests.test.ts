import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Exchange, startExchange } from './startExchange.ts';

/** Ten seconds to arrive, two between looks; the rest is what a busy machine is given, and less than any default of Node's. */
const LASTS_MS_MAX = 25_000;
const HEAD = 'POST /v1/orders HTTP/1.1\r\nHost: keel\r\n';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

/** Sends a byte a second after `begin`; resolves with the milliseconds until the gateway hangs up. */
function drip(begin: string): Promise<number> {
  const startedMs = performance.now();
  const socket = connect(exchange.port, '127.0.0.1');
  const bytes = setInterval(() => socket.write('a'), 1_000);
  socket.write(begin);
  // Read, or its end is not heard.
  socket.resume();
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.on('close', () => {
      clearInterval(bytes);
      resolve(performance.now() - startedMs);
    });
  });
}

test.concurrent.each([
  ['a head', `${HEAD}X-Slow: `],
  ['a body', `${HEAD}Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`],
  ['a body that is refused already', `${HEAD}Content-Length: 60000\r\n\r\n{`],
])('%s that comes byte by byte is cut off', async (_what, begin) => {
  expect(await drip(begin)).toBeLessThan(LASTS_MS_MAX);
});
