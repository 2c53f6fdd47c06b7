import { crc32 } from 'node:zlib';
import { keelDomain } from '@keel/signing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeelClient, type KeelError } from '../src/index.ts';
import { ExchangeDouble, say } from './exchangeDouble.ts';

const KEY = `0x${'01'.repeat(32)}` as const;
let exchange: ExchangeDouble;
let client: KeelClient;

beforeEach(async () => {
  exchange = new ExchangeDouble();
  const url = await exchange.listen();
  const domain = keelDomain(31_337, `0x${'5e'.repeat(20)}`);
  client = new KeelClient({ url, privateKey: KEY, domain, binary: true, reconnect: { minMs: 10, maxMs: 40 } });
});
afterEach(async () => {
  client.close();
  await exchange.close();
});

const bookFrame = (type: string, seq: number, prevSeq: number | undefined, bids: string[][]) => ({
  channel: 'book',
  market: 'BTC-USD',
  type,
  seq,
  ...(prevSeq === undefined ? {} : { prevSeq }),
  ts: 5,
  data: { bids, asks: [], checksum: crc32(`${bids.map((level) => level.join(':')).join(',')}|`) },
});
const ack = { status: 'acked', durability: 'acked', repeated: false, sequence: 12, timeMs: 5 };
const order = { market: 'BTC-USD', side: 'buy', price: '60000.5', size: '0.001' } as const;

test('an order in bytes: what is signed arrives as it was signed, and the answer as JSON says it', async () => {
  const answer = {
    ...ack,
    duplicate: false,
    orderId: '7',
    clientOrderId: '',
    state: 'resting',
    closeReason: null,
    price: '60000.5',
    triggerPrice: null,
    expiresAt: 0,
    shownSize: '0.001',
    filledSize: '0',
    averagePrice: null,
    remainingSize: '0.001',
    fills: [],
  };
  exchange.onAsk = () => ({ result: answer });
  expect(await client.placeOrder(order, { over: 'ws', nonce: 5 })).toEqual(answer);
  expect(exchange.asked[0]).toMatchObject({ method: 'order.place', params: { ...order, nonce: 5 } });
  expect(exchange.asked[0]?.socket.protocol).toBe('keel.v1.protobuf');
});

test('a refusal is the same error', async () => {
  const error = { code: 'BAD_SIGNATURE', number: 1009, message: 'no', retryable: false, details: { fault: 'v' } };
  exchange.onAsk = () => ({ error });
  await expect(client.placeOrder(order, { over: 'ws' })).rejects.toMatchObject({
    code: 'BAD_SIGNATURE',
    number: 1009,
    details: { fault: 'v' },
  });
});

test('a book is kept, and goes on over a new connection; other channels come as they are', async () => {
  exchange.onAsk = ({ method, params, socket }) => {
    const market = params.channel === 'book';
    if (method === 'subscribe' && market) setImmediate(() => say(socket, bookFrame('snapshot', 10, undefined, [])));
    return { result: { ...params, resumed: false } };
  };
  const seen: string[] = [];
  client.followBook('BTC-USD', {
    onBook: (book) => seen.push(`${book.sequence} ${JSON.stringify(book.bids())}`),
    onGap: () => seen.push('gap'),
  });
  const statuses: unknown[] = [];
  client.subscribe({ channel: 'status' }, ({ data }) => statuses.push(data));
  await vi.waitFor(() => expect(seen).toEqual(['10 []']));
  exchange.send(bookFrame('update', 12, 10, [['60000.5', '0.1']]));
  exchange.send({ channel: 'status', type: 'snapshot', seq: 1, ts: 1, data: { volume: '5' } });
  await vi.waitFor(() => expect(seen.at(-1)).toBe('12 [["60000.5","0.1"]]'));
  await vi.waitFor(() => expect(statuses).toEqual([{ volume: '5' }]));
  exchange.cut();
  await vi.waitFor(() => expect(seen.slice(2)).toEqual(['gap', '10 []']));
});

test('bytes that no gateway says end the connection, and another is begun', async () => {
  client.subscribe({ channel: 'status' }, () => undefined);
  await vi.waitFor(() => expect(exchange.asked).toHaveLength(1));
  exchange.asked[0]?.socket.send(Uint8Array.of(0x1a, 0xff));
  await vi.waitFor(() => expect(exchange.asked.length).toBeGreaterThan(1));
});

test('a gateway that does not speak it is not reached, rather than misread', async () => {
  exchange.speaksBinary = false;
  const failed = await client.placeOrder(order, { over: 'ws' }).catch((fault: KeelError) => fault);
  expect(failed).toMatchObject({ code: 'UNREACHABLE' });
});
