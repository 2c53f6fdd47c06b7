import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../src/crc32.ts';
import { type BookLevel, LocalBook } from '../src/index.ts';

const frame = (type: 'snapshot' | 'update', seq: number, bids: BookLevel[], asks: BookLevel[], prevSeq?: number) => ({
  channel: 'book' as const,
  market: 'BTC-USD',
  type,
  seq,
  ts: 0,
  data: { bids, asks },
  ...(prevSeq === undefined ? {} : { prevSeq }),
});

test('levels are set, changed and removed; best first by value, not by spelling', () => {
  const book = new LocalBook();
  expect(book.apply(frame('update', 4, [['1', '1']], [], 3))).toBe('waiting');
  expect(
    book.apply(
      frame(
        'snapshot',
        5,
        [
          ['9.5', '1'],
          ['10', '2'],
        ],
        [
          ['11', '3'],
          ['100', '1'],
        ],
      ),
    ),
  ).toBe('applied');
  expect(book.bids()).toEqual([
    ['10', '2'],
    ['9.5', '1'],
  ]);
  expect(
    book.apply(
      frame(
        'update',
        7,
        [
          ['10', '0'],
          ['9.6', '4'],
        ],
        [['11', '8']],
        5,
      ),
    ),
  ).toBe('applied');
  expect(book.bids()).toEqual([
    ['9.6', '4'],
    ['9.5', '1'],
  ]);
  expect(book.asks()).toEqual([
    ['11', '8'],
    ['100', '1'],
  ]);
  expect(book.asks(1)).toEqual([['11', '8']]);
  expect(book.sequence).toBe(7);
});

test('a gap empties the book, and only a snapshot fills it again', () => {
  const book = new LocalBook();
  book.apply(frame('snapshot', 5, [['10', '2']], []));
  expect(book.apply(frame('update', 9, [['9', '1']], [], 6))).toBe('gap');
  expect([book.sequence, book.bids()]).toEqual([undefined, []]);
  expect(book.apply(frame('update', 10, [['9', '1']], [], 9))).toBe('waiting');
  expect(book.apply(frame('snapshot', 10, [['8', '1']], []))).toBe('applied');
  expect(book.bids()).toEqual([['8', '1']]);
});

test('a chain of frames ends in the book that the last state describes', () => {
  const change = fc.tuple(
    fc.constantFrom('bids', 'asks'),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 0, max: 3 }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const model = { bids: new Map<number, number>(), asks: new Map<number, number>() };
      const book = new LocalBook();
      book.apply(frame('snapshot', 0, [], []));
      changes.forEach(([side, price, size], index) => {
        model[side as 'bids' | 'asks'].set(price, size);
        const levels: BookLevel[] = [[String(price), String(size)]];
        const [bids, asks] = side === 'bids' ? [levels, []] : [[], levels];
        book.apply(frame('update', index + 1, bids, asks, index));
      });
      const expected = (side: Map<number, number>, direction: number) =>
        [...side].filter(([, size]) => size > 0).sort(([a], [b]) => direction * (a - b));
      const numbers = (levels: BookLevel[]) => levels.map(([price, size]) => [Number(price), Number(size)]);
      expect(numbers(book.bids())).toEqual(expected(model.bids, -1));
      expect(numbers(book.asks())).toEqual(expected(model.asks, 1));
    }),
  );
});

test('the checksum is that of zlib', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), (text) => {
      expect(crc32(text)).toBe(zlibCrc32(text));
    }),
  );
  expect(crc32('')).toBe(0);
});

/** A frame with the checksum of this text. */
const sealed = (of: ReturnType<typeof frame>, text: string) => ({
  ...of,
  data: { ...of.data, checksum: zlibCrc32(text) },
});

test('a checksum covers ten levels of each side; one that does not fit empties the book', () => {
  const prices = Array.from({ length: 12 }, (_, at) => String(100 - at));
  const text = (sizes: string) => `${prices.slice(0, 10).map((price) => `${price}:${sizes}`)}|101:2`;
  const book = new LocalBook();
  const snapshot = frame(
    'snapshot',
    1,
    prices.map((price): BookLevel => [price, '1']),
    [['101', '2']],
  );
  expect(book.apply(sealed(snapshot, text('1')))).toBe('applied');
  expect(book.apply(sealed(frame('update', 2, [['90', '5']], [], 1), text('1')))).toBe('applied');
  expect(book.apply(sealed(frame('update', 3, [['91', '5']], [], 2), text('1')))).toBe('mismatch');
  expect([book.sequence, book.bids(), book.asks()]).toEqual([undefined, [], []]);
  expect(book.apply(sealed(frame('update', 4, [['91', '1']], [], 3), text('1')))).toBe('waiting');
  expect(book.apply(sealed(snapshot, text('1')))).toBe('applied');
  expect(book.apply(sealed(frame('snapshot', 5, [], []), '|'))).toBe('applied');
});

test('a suspended book shows nothing and forgets nothing', () => {
  const book = new LocalBook();
  book.apply(frame('snapshot', 5, [['10', '2']], [['11', '3']]));
  book.suspend();
  expect([book.sequence, book.bids(), book.asks()]).toEqual([undefined, [], []]);
  book.restore();
  expect([book.sequence, book.bids(), book.asks()]).toEqual([5, [['10', '2']], [['11', '3']]]);
  book.suspend();
  expect(book.apply(frame('update', 6, [['9', '1']], [], 5))).toBe('applied');
  expect(book.bids()).toEqual([
    ['10', '2'],
    ['9', '1'],
  ]);
});
