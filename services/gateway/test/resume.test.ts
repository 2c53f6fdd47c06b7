import type { FillDoc } from '@keel/redis';
import { toOrderId, toSequence } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Heard, openSocket, type TestSocket } from './openSocket.ts';
import { ACCOUNT, BTC, bidFlush, fullAt, OWNER } from './readModelOf.ts';
import { type Exchange, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await startExchange();
});
afterEach(() => exchange.stop());

const BOOK = { channel: 'book', market: 'BTC-USD' };
const open = () => openSocket(exchange.port);
const seqs = (client: TestSocket, channel: string) =>
  client.frames(channel).map(({ type, seq, prevSeq }) => [type, seq, prevSeq]);

/** A client that has the book, and writes up to `sequence` of which it has heard. */
async function follow(from: number, to: number): Promise<TestSocket> {
  const client = await open();
  await client.ask('subscribe', BOOK);
  for (let sequence = from; sequence <= to; sequence += 1) await exchange.writer.write(bidFlush(sequence, sequence));
  await until(() => client.frames('book').at(-1)?.seq === to);
  return client;
}

test('a client that comes back gets what it missed and no snapshot, also if nobody followed meanwhile', async () => {
  const first = await follow(2, 4);
  first.socket.terminate();
  for (let sequence = 5; sequence <= 7; sequence += 1) await exchange.writer.write(bidFlush(sequence, sequence));
  const watch = await open();
  await watch.ask('subscribe', { channel: 'bbo', market: 'BTC-USD' });
  await until(() => watch.frames('bbo').at(-1)?.seq === 7);
  const again = await open();
  const { result } = await again.ask('subscribe', { ...BOOK, fromSeq: 4 });
  expect(result).toEqual({ ...BOOK, fromSeq: 4, resumed: true });
  await exchange.writer.write(bidFlush(8, 8));
  await until(() => again.frames('book').at(-1)?.seq === 8);
  expect(seqs(again, 'book')).toEqual([
    ['update', 5, 4],
    ['update', 6, 5],
    ['update', 7, 6],
    ['update', 8, 7],
  ]);
});

test('one that missed nothing gets nothing until something happens', async () => {
  const first = await follow(2, 3);
  const again = await open();
  expect((await again.ask('subscribe', { ...BOOK, fromSeq: 3 })).result).toMatchObject({ resumed: true });
  await exchange.writer.write(bidFlush(4, 9));
  await until(() => again.frames('book').length === 1 && first.frames('book').at(-1)?.seq === 4);
  expect(seqs(again, 'book')).toEqual([['update', 4, 3]]);
});

test.each([
  ['a sequence that no frame had', 2.5],
  ['a sequence of before the first frame', 0],
  ['a sequence that is not there yet', 99],
])('%s: a snapshot', async (_, offset) => {
  const first = await follow(2, 4);
  // Flush 5 changes no level, so 5 is a sequence of the log and of no frame of the book.
  await exchange.writer.write({ ...bidFlush(5, 0), levels: [] });
  await exchange.writer.write(bidFlush(6, 6));
  await until(() => first.frames('book').at(-1)?.seq === 6);
  const again = await open();
  const fromSeq = offset === 2.5 ? 5 : offset;
  expect((await again.ask('subscribe', { ...BOOK, fromSeq })).result).toMatchObject({ resumed: false });
  await until(() => again.frames('book').length === 1);
  expect(seqs(again, 'book')).toEqual([['snapshot', 6, undefined]]);
});

test('1,024 frames are kept: who missed more gets a snapshot', async () => {
  const first = await follow(2, 3);
  for (let sequence = 4; sequence <= 1_100; sequence += 1) await exchange.writer.write(bidFlush(sequence, sequence));
  await until(() => first.frames('book').at(-1)?.seq === 1_100);
  const [near, far] = [await open(), await open()];
  expect((await near.ask('subscribe', { ...BOOK, fromSeq: 76 })).result).toMatchObject({ resumed: true });
  expect((await far.ask('subscribe', { ...BOOK, fromSeq: 75 })).result).toMatchObject({ resumed: false });
  await until(() => near.frames('book').length === 1_024 && far.frames('book').length === 1);
  expect(near.frames('book').every(({ type }) => type === 'update')).toBe(true);
}, 60_000);

test('a mebibyte of frames is kept', async () => {
  const first = await follow(2, 3);
  const levels = Array.from({ length: 4_000 }, (_, at) => ({
    ...{ marketId: BTC, side: 'buy' as const, priceTicks: at + 1, sizeLots: 1 },
  }));
  for (let sequence = 4; sequence <= 43; sequence += 1)
    await exchange.writer.write({
      ...bidFlush(sequence, 1),
      levels: levels.map((level) => ({ ...level, sizeLots: sequence })),
    });
  await until(() => first.frames('book').at(-1)?.seq === 43);
  const bytes = (from: number) =>
    first.frames('book').reduce((sum, frame) => sum + (frame.seq > from ? JSON.stringify(frame).length : 0), 0);
  let fromSeq = 43;
  while (bytes(fromSeq - 1) <= 1024 * 1024) fromSeq -= 1;
  expect(fromSeq).toBeGreaterThan(4);
  const [near, far] = [await open(), await open()];
  expect((await near.ask('subscribe', { ...BOOK, fromSeq })).result).toMatchObject({ resumed: true });
  expect((await far.ask('subscribe', { ...BOOK, fromSeq: fromSeq - 1 })).result).toMatchObject({ resumed: false });
});

test('after the read model was made anew nothing is resumed', async () => {
  const first = await follow(2, 4);
  await exchange.writer.rebuild(fullAt(9));
  await until(() => first.frames('book').at(-1)?.seq === 9);
  const again = await open();
  expect((await again.ask('subscribe', { ...BOOK, fromSeq: 4 })).result).toMatchObject({ resumed: false });
});

test('a channel without a chain answers with its snapshot', async () => {
  const client = await open();
  const params = { channel: 'bbo', market: 'BTC-USD', fromSeq: 1 };
  expect((await client.ask('subscribe', params)).result).toEqual({ ...params, resumed: false });
  await until(() => client.frames('bbo').length === 1);
});

const fill = (sequence: number): FillDoc => ({
  tradeId: sequence,
  accountId: ACCOUNT,
  orderId: toOrderId(7),
  marketId: BTC,
  side: 'buy',
  role: 'maker',
  priceTicks: 599_000,
  sizeLots: 1,
  feeAtoms: 1,
  realisedPnlAtoms: 0,
  timeMs: 5,
  sequence: toSequence(sequence),
  liquidation: false,
  clientOrderId: 'mine',
  startLots: 0,
});
const tradeIds = (frames: readonly Heard[]) =>
  frames.map(({ seq, data }) => [
    seq,
    (data as never as { fills: { tradeId: string }[] }).fills.map(({ tradeId }) => tradeId),
  ]);

test('account: whoever comes back hears of each fill exactly once, though others follow it all the while', async () => {
  const channel = { channel: 'account', account: OWNER };
  const all = await open();
  await all.ask('subscribe', channel);
  let sequence = 1;
  const trade = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= 1) {
      sequence += 1;
      const account = { ...fullAt(1).accounts[0]!, collateralAtoms: sequence };
      await exchange.writer.write({ ...bidFlush(sequence, 1), accounts: [account], fills: [fill(sequence)] });
    }
  };
  const heard: Heard[] = [];
  let last = 1;
  for (let round = 0; round < 6; round += 1) {
    const client = await open();
    const writing = trade(20);
    const { result } = await client.ask('subscribe', { ...channel, fromSeq: last });
    expect(result).toMatchObject({ resumed: true });
    await writing;
    await until(() => client.frames('account').length > 0);
    client.socket.terminate();
    const frames = client.frames('account');
    expect(frames[0]?.type).toBe('snapshot');
    heard.push(...frames);
    last = frames.at(-1)?.seq ?? last;
    await trade(5);
  }
  const end = await open();
  await end.ask('subscribe', { ...channel, fromSeq: last });
  await until(() => end.frames('account').at(-1)?.seq === sequence);
  heard.push(...end.frames('account'));
  const told = tradeIds(heard).flatMap(([, ids]) => ids as string[]);
  expect(told).toEqual(Array.from({ length: sequence - 1 }, (_, at) => String(at + 2)));
  await until(() => all.frames('account').at(-1)?.seq === sequence);
  expect(tradeIds(all.frames('account')).flatMap(([, ids]) => ids as string[])).toEqual(told);
}, 60_000);

test('account: more fills than are kept, or a sequence that is not there yet: a snapshot that is not resumed', async () => {
  const channel = { channel: 'account', account: OWNER };
  const client = await open();
  expect((await client.ask('subscribe', { ...channel, fromSeq: 99 })).result).toMatchObject({ resumed: false });
  const fills = Array.from({ length: 600 }, (_, at) => fill(at + 2));
  for (const each of fills) await exchange.writer.write({ ...bidFlush(each.sequence, 1), fills: [each] });
  expect((await client.ask('subscribe', { ...channel, fromSeq: 1 })).result).toMatchObject({ resumed: false });
  expect((await client.ask('subscribe', { ...channel, fromSeq: 300 })).result).toMatchObject({ resumed: true });
}, 60_000);
