import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSocket } from './openSocket.ts';
import { BTC, bidFlush } from './readModelOf.ts';
import { type Exchange, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await startExchange();
});
afterEach(() => exchange.stop());

const BOOK = { channel: 'book', market: 'BTC-USD' };

/** 4,000 levels are some 80 KB a frame. */
const manyLevels = (sequence: number) =>
  Array.from({ length: 4_000 }, (_, at) => ({
    marketId: BTC,
    side: 'buy' as const,
    priceTicks: at + 1,
    sizeLots: sequence + (at % 7),
  }));

/** A figure of the gateway. */
const metric = async (name: string): Promise<number> => {
  const { text } = await exchange.get('/metrics');
  return Number(new RegExp(`${name}(?:\\{[^}]*\\})? (\\d+)`).exec(text)?.[1] ?? 0);
};

test('a slow reader: others do not notice, its channels are left out, and when it reads its book is the book', async () => {
  const slow = await openSocket(exchange.port);
  const quick = await openSocket(exchange.port);
  for (const client of [slow, quick]) {
    await client.ask('subscribe', BOOK);
  }
  slow.socket.pause();
  let sequence = 1;
  while ((await metric('keel_gateway_ws_conflated_total')) < 1) {
    for (let count = 0; count < 10; count += 1) {
      sequence += 1;
      await exchange.writer.write({ ...bidFlush(sequence, 1), levels: manyLevels(sequence) });
    }
    await until(() => quick.frames('book').at(-1)?.seq === sequence);
  }
  expect(slow.closed).toBeUndefined();
  expect(quick.frames('book')).toHaveLength(sequence);

  slow.socket.resume();
  await until(() => slow.frames('book').at(-1)?.seq === sequence);
  sequence += 1;
  await exchange.writer.write({ ...bidFlush(sequence, 7) });
  await until(() => slow.frames('book').at(-1)?.seq === sequence);

  const resynced = slow.frames('book').filter((frame) => (frame as { resync?: true }).resync === true);
  expect(resynced.length).toBeGreaterThan(0);
  const bids = new Map<string, string>();
  let seq: number | undefined;
  for (const frame of slow.frames('book')) {
    if (frame.type === 'snapshot') bids.clear();
    else expect(frame.prevSeq).toBe(seq);
    for (const [price, size] of frame.data.bids) {
      if (size === '0') bids.delete(price);
      else bids.set(price, size);
    }
    seq = frame.seq;
  }
  const { body } = await exchange.get('/v1/markets/BTC-USD/book?depth=1000');
  const best = [...bids].sort(([left], [right]) => Number(right) - Number(left)).slice(0, 1_000);
  expect(best).toEqual(body.bids);
  expect(await metric('keel_gateway_ws_clients')).toBe(2);
}, 120_000);
