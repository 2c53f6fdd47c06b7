import { once } from 'node:events';
import { connect } from 'node:net';
import { createLogger } from '@keel/runtime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Exchange, startExchange } from './startExchange.ts';

const logged: string[] = [];
const destination = { write: (line: string) => void logged.push(line) };
const log = createLogger({ service: 'gateway-test', level: 'warn', destination });

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange({}, log);
});
afterAll(() => exchange.stop());
beforeEach(() => {
  logged.length = 0;
});

/** Sends bytes that no HTTP library would, and gives back everything until the gateway hangs up. */
async function talk(text: string): Promise<string> {
  const socket = connect(exchange.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (bytes) => {
    heard += String(bytes);
  });
  socket.write(text);
  await once(socket, 'close');
  return heard;
}

const HEAD = 'POST /v1/orders HTTP/1.1\r\nHost: keel\r\nContent-Type: application/json\r\n';

test.each([
  ['what is not HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
  ['a negative length', `${HEAD}Content-Length: -5\r\n\r\n{}`, 400, 'BAD_REQUEST'],
  ['two lengths', `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`, 400, 'BAD_REQUEST'],
  ['headers of 20 KiB', `${HEAD}X-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 413, 'PAYLOAD_TOO_LARGE'],
])('%s is refused like everything else', async (_, text, status, code) => {
  const [head, body = ''] = (await talk(text)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(body)).toMatchObject({ code, retryable: false, status });
  expect((JSON.parse(body) as { requestId: string }).requestId).toBe(/x-request-id: (\S+)/i.exec(head ?? '')?.[1]);
});

test.each(['/v1/orders', '/info', '/exchange'])(
  'a client that vanishes in the middle of a body to %s is no fault of ours and writes no log',
  async (path) => {
    const socket = connect(exchange.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${HEAD.replace('/v1/orders', path)}Content-Length: 500\r\n\r\n{"account":`);
    socket.destroy();
    await once(socket, 'close');
    // The gateway hears of the lost connection before it answers connections made after it.
    for (let count = 0; count < 20; count += 1) await exchange.get('/livez');
    expect(logged).toEqual([]);
  },
);
