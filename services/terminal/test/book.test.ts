import type { BookChange } from '@keel/client';
import { describe, expect, it } from 'vitest';
import { applyBookFrame, type Book, emptyBook } from '../src/feed/book.ts';

const SNAPSHOT: BookChange = {
  bids: [
    ['99.5', '1'],
    ['100', '2'],
  ],
  asks: [
    ['101', '3'],
    ['100.5', '4'],
  ],
};
const NOTHING: BookChange = { bids: [], asks: [] };

function bookAt(seq: number): Book {
  const book = emptyBook();
  applyBookFrame(book, { type: 'snapshot', seq }, SNAPSHOT);
  return book;
}

describe('a book from frames', () => {
  it('puts the best level first on both sides, whatever the order of the snapshot', () => {
    expect(bookAt(10).bids.map(([price]) => price)).toEqual(['100', '99.5']);
    expect(bookAt(10).asks.map(([price]) => price)).toEqual(['100.5', '101']);
  });

  it.each([
    ['a new best bid', { bids: [['100.2', '1']], asks: [] }, ['100.2', '100', '99.5'], ['100.5', '101']],
    ['a level between two', { bids: [['99.75', '1']], asks: [] }, ['100', '99.75', '99.5'], ['100.5', '101']],
    ['a level removed', { bids: [['100', '0']], asks: [['101', '0']] }, ['99.5'], ['100.5']],
    ['a removal of what is not there', { bids: [['7', '0']], asks: [] }, ['100', '99.5'], ['100.5', '101']],
    [
      'numbers ordered as numbers, not as texts',
      { bids: [['9', '1']], asks: [['1000', '1']] },
      ['100', '99.5', '9'],
      ['100.5', '101', '1000'],
    ],
  ] as const)('takes an update: %s', (_name, data, bids, asks) => {
    const book = bookAt(10);
    expect(applyBookFrame(book, { type: 'update', seq: 12, prevSeq: 10 }, data)).toBe('applied');
    expect(book.bids.map(([price]) => price)).toEqual(bids);
    expect(book.asks.map(([price]) => price)).toEqual(asks);
    expect(book.seq).toBe(12);
  });

  it('replaces the size of a level', () => {
    const book = bookAt(10);
    applyBookFrame(book, { type: 'update', seq: 11, prevSeq: 10 }, { bids: [['100', '7.5']], asks: [] });
    expect(book.bids[0]).toEqual(['100', '7.5']);
  });

  it.each([
    ['follows exactly', 10, 12, 'applied'],
    ['starts before the snapshot and ends after it', 8, 12, 'applied'],
    ['ended before the snapshot', 8, 9, 'ignored'],
    ['ended with the snapshot', 8, 10, 'ignored'],
    ['starts after the book: a frame is lost', 11, 12, 'gap'],
  ] as const)('an update that %s', (_name, prevSeq, seq, step) => {
    expect(applyBookFrame(bookAt(10), { type: 'update', seq, prevSeq }, NOTHING)).toBe(step);
  });

  it('waits for a snapshot after a gap', () => {
    const book = bookAt(10);
    applyBookFrame(book, { type: 'update', seq: 15, prevSeq: 14 }, NOTHING);
    expect(applyBookFrame(book, { type: 'update', seq: 16, prevSeq: 15 }, NOTHING)).toBe('ignored');
    expect(applyBookFrame(book, { type: 'snapshot', seq: 16 }, SNAPSHOT)).toBe('applied');
    expect(applyBookFrame(book, { type: 'update', seq: 17, prevSeq: 16 }, NOTHING)).toBe('applied');
  });
});
