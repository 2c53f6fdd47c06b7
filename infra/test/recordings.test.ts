import { expect, test } from 'vitest';
import { createWalkTeller, recordingLines } from '../launcher/recordings.ts';

const candles = {
  market: 'BTC-USD',
  index: '22000.0',
  target: '22000.0',
  source: 'candles',
  recordedTime: '2023-03-08T00:06:29.500Z',
  playedPercent: 21.6,
  ended: false,
};
const orders = { state: 'playing', messages: 40_674, read: 2_847, placed: 497, lagMs: 3_200 } as const;

test('candles tell day, time and part; order files have no day', () => {
  const messages = { ...candles, market: 'ETH-USD', source: 'orders', recordedTime: '1970-01-01T09:35:29.000Z' };
  expect(recordingLines({ prices: [candles, messages], orders: undefined })).toEqual([
    'recorded BTC-USD at 2023-03-08 00:06:29, 21.6 %',
    'recorded ETH-USD at 09:35:29, 21.6 %',
  ]);
});

test('an index on its way, and a recording that is over, are told', () => {
  const walking = { ...candles, index: '31998.9', target: '59995.0' };
  const over = { ...candles, playedPercent: 100, ended: true };
  expect(recordingLines({ prices: [walking, over], orders: undefined })).toEqual([
    'recorded BTC-USD at 2023-03-08 00:06:29, 21.6 %, the index is on its way from 31998.9 to 59995.0',
    'recorded BTC-USD at 2023-03-08 00:06:29, 100 %, over: the last price is held',
  ]);
});

test('recorded orders tell how many messages were played', () => {
  expect(recordingLines({ prices: [], orders })).toEqual([
    'recorded orders 2847 of 40674 messages, 6.9 %, 497 placed, 3 s late',
  ]);
  expect(recordingLines({ prices: [], orders: { ...orders, state: 'waiting', read: 0 } })).toEqual([
    'recorded orders wait for funded accounts and for the index to come near',
  ]);
});

test('the way to the recording is said once, and once that it is done', () => {
  const said: string[] = [];
  const tell = createWalkTeller((line) => said.push(line));
  for (const index of ['100.0', '120.0', '144.0', '150.0', '130.0']) {
    tell({ prices: [{ ...candles, index, target: '150.0' }], orders: undefined });
  }
  expect(said).toEqual([
    'BTC-USD: the index walks from 100.0 to the recording at 150.0',
    'BTC-USD: the index has reached the recording at 150.0',
  ]);
});
