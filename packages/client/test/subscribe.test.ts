import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeelClient, type KeelError } from '../src/index.ts';
import { ExchangeDouble } from './exchangeDouble.ts';

let exchange: ExchangeDouble;
let client: KeelClient;

beforeEach(async () => {
  exchange = new ExchangeDouble();
  const url = await exchange.listen();
  client = new KeelClient({ url, reconnect: { minMs: 10, maxMs: 40 } });
});
afterEach(async () => {
  client.close();
  await exchange.close();
});

const methods = (): string[] => exchange.asked.map(({ method, params }) => `${method} ${params.channel}`);
const level = (bids: string[][], asks: string[][] = []) => ({ bids, asks });
const bookFrame = (type: string, seq: number, prevSeq: number | undefined, data: object) => ({
  channel: 'book',
  market: 'BTC-USD',
  type,
  seq,
  prevSeq,
  ts: 0,
  data,
});

/** Answers every subscription to a book with a snapshot at the next of these sequences. */
function snapshotsAt(...sequences: number[]): void {
  exchange.onAsk = ({ method, socket }) => {
    const seq = sequences[0];
    if (method === 'subscribe' && seq !== undefined) {
      sequences.shift();
      socket.send(JSON.stringify(bookFrame('snapshot', seq, undefined, level([['100', String(seq)]]))));
    }
    return { result: {} };
  };
}

test('a channel is subscribed anew after the connection was cut, and nothing is told twice', async () => {
  const frames: unknown[] = [];
  const lost = vi.fn();
  client.subscribe(
    { channel: 'trades', market: 'BTC-USD' },
    { onFrame: (frame) => frames.push(frame.seq), onLost: lost },
  );
  await vi.waitFor(() => expect(methods()).toEqual(['subscribe trades']));
  exchange.send({ channel: 'trades', market: 'BTC-USD', type: 'snapshot', seq: 1, ts: 0, data: [] });
  await vi.waitFor(() => expect(frames).toEqual([1]));

  exchange.cut();
  await vi.waitFor(() => expect(methods()).toEqual(['subscribe trades', 'subscribe trades']));
  exchange.send({ channel: 'trades', market: 'BTC-USD', type: 'snapshot', seq: 2, ts: 0, data: [] });
  exchange.send({ channel: 'trades', market: 'ETH-USD', type: 'snapshot', seq: 3, ts: 0, data: [] });
  exchange.send({ channel: 'trades', market: 'BTC-USD', type: 'update', seq: 4, ts: 0, data: [] });
  await vi.waitFor(() => expect(frames).toEqual([1, 2, 4]));
  expect(lost).toHaveBeenCalledTimes(1);
});

test('a server that is away for several attempts is found again on the same port', async () => {
  const { port } = exchange;
  client.subscribe({ channel: 'status' }, () => undefined);
  await vi.waitFor(() => expect(methods()).toEqual(['subscribe status']));
  await exchange.close();
  await new Promise((resolve) => setTimeout(resolve, 150));
  exchange = new ExchangeDouble();
  await exchange.listen(port);
  await vi.waitFor(() => expect(methods()).toEqual(['subscribe status']), { timeout: 5_000 });
});

test('a book with a missing frame is dropped and fetched again', async () => {
  snapshotsAt(10, 20);
  const seen: string[] = [];
  client.followBook('BTC-USD', {
    onBook: (book) => seen.push(`${book.sequence} ${JSON.stringify(book.bids())}`),
    onGap: () => seen.push('gap'),
  });
  await vi.waitFor(() => expect(seen).toEqual(['10 [["100","10"]]']));
  exchange.send(bookFrame('update', 12, 10, level([['99', '1']])));
  exchange.send(bookFrame('update', 15, 14, level([['98', '1']])));
  await vi.waitFor(() => expect(seen.at(-1)).toBe('20 [["100","20"]]'));
  expect(seen).toEqual(['10 [["100","10"]]', '12 [["100","10"],["99","1"]]', 'gap', '20 [["100","20"]]']);
  expect(methods()).toEqual(['subscribe book', 'unsubscribe book', 'subscribe book']);
});

test('a cut connection empties the book until the next snapshot', async () => {
  snapshotsAt(10, 30);
  const seen: string[] = [];
  client.followBook('BTC-USD', { onBook: (book) => seen.push(String(book.sequence)), onGap: () => seen.push('gap') });
  await vi.waitFor(() => expect(seen).toEqual(['10']));
  exchange.cut();
  await vi.waitFor(() => expect(seen).toEqual(['10', 'gap', '30']));
});

test('two listeners share a channel; the second gets a snapshot; the last to leave unsubscribes', async () => {
  snapshotsAt(10, 11);
  const one: number[] = [];
  const two: number[] = [];
  const first = client.subscribe({ channel: 'book', market: 'BTC-USD' }, (frame) => one.push(frame.seq));
  await vi.waitFor(() => expect(one).toEqual([10]));
  const second = client.subscribe({ channel: 'book', market: 'BTC-USD' }, (frame) => two.push(frame.seq));
  await vi.waitFor(() => expect(two).toEqual([11]));
  expect(one).toEqual([10, 11]);
  first.close();
  second.close();
  second.close();
  await vi.waitFor(() => expect(methods().at(-1)).toBe('unsubscribe book'));
  expect(methods().filter((method) => method === 'unsubscribe book')).toHaveLength(2);
});

test('a refused channel is reported once and not asked for again after a reconnect', async () => {
  exchange.onAsk = ({ params }) =>
    params.market === 'NO-SUCH'
      ? { error: { code: 'MARKET_UNKNOWN', message: 'no such market', retryable: false, details: {} } }
      : { result: {} };
  const errors: KeelError[] = [];
  client.subscribe({ channel: 'status' }, () => undefined);
  client.followBook('NO-SUCH', { onBook: () => undefined, onError: (error) => errors.push(error) });
  await vi.waitFor(() => expect(errors.map(({ code }) => code)).toEqual(['MARKET_UNKNOWN']));
  exchange.cut();
  exchange.asked.length = 0;
  await vi.waitFor(() => expect(methods()).toEqual(['subscribe status']));
});

test('a channel refused for now is asked for again', async () => {
  let refusals = 2;
  exchange.onAsk = () =>
    refusals-- > 0
      ? { error: { code: 'READ_MODEL_UNAVAILABLE', message: 'not now', retryable: true, details: {} } }
      : { result: {} };
  client.subscribe({ channel: 'markets' }, () => undefined);
  await vi.waitFor(() => expect(methods()).toHaveLength(3));
});

test('silence without a close is noticed: the client asks, then comes back over a new connection', async () => {
  client.close();
  client = new KeelClient({
    url: `http://127.0.0.1:${exchange.port}`,
    heartbeatMs: 20,
    reconnect: { minMs: 5, maxMs: 5 },
  });
  exchange.onAsk = () => undefined;
  client.subscribe({ channel: 'status' }, () => undefined);
  await vi.waitFor(() => expect(methods().filter((method) => method === 'subscribe status')).toHaveLength(2));
  expect(exchange.asked.some(({ method }) => method === 'ping')).toBe(true);
});

test('a gateway that is not there: every failed attempt is told, and the frames come once it is', async () => {
  const port = exchange.port;
  await exchange.close();
  const errors: KeelError[] = [];
  const seen: number[] = [];
  client.subscribe(
    { channel: 'status' },
    { onFrame: (frame) => seen.push(frame.seq), onUnreachable: (error) => errors.push(error) },
  );
  await vi.waitFor(() => expect(errors.length).toBeGreaterThan(1));
  expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['UNREACHABLE']));
  exchange = new ExchangeDouble();
  await exchange.listen(port);
  await vi.waitFor(() => expect(methods()).toContain('subscribe status'));
  exchange.send({ channel: 'status', type: 'snapshot', seq: 5, ts: 1, data: {} });
  await vi.waitFor(() => expect(seen).toEqual([5]));
});

test('a closed client subscribes to nothing', () => {
  client.close();
  expect(() => client.subscribe({ channel: 'status' }, () => undefined)).toThrow('CLIENT_CLOSED');
});

test('running auctions: a snapshot, then what changed and what ended; nothing while the connection is away', async () => {
  const auction = (auctionId: number, limitPrice: string) => ({ auctionId, market: 'BTC-USD', limitPrice });
  const seen: string[] = [];
  client.followAuctions({
    onAuctions: (running, ended) =>
      seen.push(
        `${[...running.values()].map(({ auctionId, limitPrice }) => `${auctionId}@${limitPrice}`)} ended ${ended.map(({ auctionId }) => auctionId)}`,
      ),
    onLost: () => seen.push('lost'),
  });
  await vi.waitFor(() => expect(methods()).toContain('subscribe auctions'));
  const frame = { channel: 'auctions', seq: 1, ts: 1 };
  const both = { auctions: [auction(4, '594'), auction(5, '600')], ended: [] };
  exchange.send({ ...frame, type: 'snapshot', data: both });
  exchange.send({ ...frame, type: 'update', data: { auctions: [auction(5, '599')], ended: [{ auctionId: 4 }] } });
  await vi.waitFor(() => expect(seen).toEqual(['4@594,5@600 ended ', '5@599 ended 4']));
  exchange.cut();
  await vi.waitFor(() => expect(seen.at(-1)).toBe('lost'));
  await vi.waitFor(() => expect(methods().filter((method) => method === 'subscribe auctions')).toHaveLength(2));
  exchange.send({ ...frame, type: 'snapshot', data: { auctions: [], ended: [] } });
  await vi.waitFor(() => expect(seen.at(-1)).toBe(' ended '));
});

test("an owner's accounts are channels of their own; the main one needs no number", async () => {
  const account = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
  const seen: string[] = [];
  client.subscribe({ channel: 'account', account }, () => seen.push('main'));
  client.subscribe({ channel: 'account', account, subaccount: 3 }, () => seen.push('third'));
  await vi.waitFor(() => expect(exchange.asked.map(({ params }) => params.subaccount)).toEqual([undefined, 3]));
  exchange.send({ channel: 'account', account, subaccount: 3, type: 'snapshot', seq: 1, ts: 1, data: {} });
  exchange.send({ channel: 'account', account, type: 'snapshot', seq: 1, ts: 1, data: {} });
  await vi.waitFor(() => expect(seen).toEqual(['third', 'main']));
});

const fromSeqs = (): unknown[] =>
  exchange.asked.filter(({ method }) => method === 'subscribe').map(({ params }) => params.fromSeq);

test('a book goes on where it was: it is empty while the connection is away, and needs no snapshot', async () => {
  let missed: object[] = [];
  exchange.onAsk = ({ method, params, socket, id }) => {
    if (method !== 'subscribe') return { result: {} };
    const resumed = params.fromSeq !== undefined;
    socket.send(JSON.stringify({ id, result: { ...params, resumed } }));
    const frames = resumed ? missed : [bookFrame('snapshot', 10, undefined, level([['100', '1']]))];
    for (const frame of frames) socket.send(JSON.stringify(frame));
    return undefined;
  };
  const seen: string[] = [];
  client.followBook('BTC-USD', {
    onBook: (book) => seen.push(`${book.sequence} ${JSON.stringify(book.bids())}`),
    onGap: () => seen.push('gap'),
  });
  await vi.waitFor(() => expect(seen).toEqual(['10 [["100","1"]]']));
  missed = [bookFrame('update', 12, 10, level([['99', '1']]))];
  exchange.cut();
  const after = ['gap', '12 [["100","1"],["99","1"]]'];
  // It may be told as it was before it is told what was missed.
  const told = () => seen.slice(1).filter((each) => !each.startsWith('10'));
  await vi.waitFor(() => expect(told()).toEqual(after));
  missed = [];
  exchange.cut();
  await vi.waitFor(() => expect(told()).toEqual([...after, ...after]));
  expect(fromSeqs()).toEqual([undefined, 10, 12]);
});

test('a book whose checksum does not fit is dropped and fetched again, not resumed', async () => {
  snapshotsAt(10, 20);
  const seen: string[] = [];
  client.followBook('BTC-USD', { onBook: (book) => seen.push(String(book.sequence)), onGap: () => seen.push('gap') });
  await vi.waitFor(() => expect(seen).toEqual(['10']));
  exchange.send(bookFrame('update', 12, 10, { ...level([['99', '1']]), checksum: 1 }));
  await vi.waitFor(() => expect(seen).toEqual(['10', 'gap', '20']));
  expect(fromSeqs()).toEqual([undefined, undefined]);
});

test('an account asks for what happened since its last frame, also after frames that were left out', async () => {
  const account = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
  const seen: number[] = [];
  client.subscribe({ channel: 'account', account }, (frame) => seen.push(frame.seq));
  await vi.waitFor(() => expect(fromSeqs()).toEqual([undefined]));
  const frame = { channel: 'account', account, ts: 1, data: {} };
  exchange.send({ ...frame, type: 'snapshot', seq: 4 });
  exchange.send({ ...frame, type: 'update', seq: 6 });
  await vi.waitFor(() => expect(seen).toEqual([4, 6]));
  exchange.send({ ...frame, type: 'snapshot', seq: 9, resync: true });
  await vi.waitFor(() => expect(fromSeqs()).toEqual([undefined, 6]));
  expect(seen, 'without what happened it is not told').toEqual([4, 6]);
  exchange.send({ ...frame, type: 'snapshot', seq: 9 });
  await vi.waitFor(() => expect(seen).toEqual([4, 6, 9]));
  exchange.cut();
  await vi.waitFor(() => expect(fromSeqs()).toEqual([undefined, 6, 9]));
});

test('views of a book and intervals of candles are channels of their own', async () => {
  const seen: string[] = [];
  const market = 'BTC-USD';
  client.subscribe({ channel: 'book', market, levels: 5 }, () => seen.push('five'));
  client.subscribe({ channel: 'book', market, grouping: '10' }, () => seen.push('tens'));
  client.subscribe({ channel: 'candles', market }, () => seen.push('1m'));
  client.subscribe({ channel: 'candles', market, interval: '1h' }, () => seen.push('1h'));
  await vi.waitFor(() => expect(methods()).toHaveLength(4));
  const frame = { market, type: 'snapshot', seq: 1, ts: 1, data: level([]) };
  exchange.send({ ...frame, channel: 'candles', interval: '1h' });
  exchange.send({ ...frame, channel: 'candles', interval: '1m' });
  exchange.send({ ...frame, channel: 'book' });
  exchange.send({ ...frame, channel: 'book', grouping: '10' });
  exchange.send({ ...frame, channel: 'book', levels: 5 });
  await vi.waitFor(() => expect(seen).toEqual(['1h', '1m', 'tens', 'five']));
});
