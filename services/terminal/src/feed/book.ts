import type { BookChange, BookLevel } from '@keel/client';
import { compareDecimals } from '../decimal.ts';

/** A book as the frames built it: best level first on both sides. Changed in place; up to a few thousand levels. */
export interface Book {
  bids: BookLevel[];
  asks: BookLevel[];
  /** Sequence it stands at; -1 until the first snapshot. */
  seq: number;
}

export type BookStep = 'applied' | 'ignored' | 'gap';

export function emptyBook(): Book {
  return { bids: [], asks: [], seq: -1 };
}

interface BookFrame {
  readonly type: 'snapshot' | 'update';
  readonly seq: number;
  readonly prevSeq?: number;
}

/**
 * Applies one frame. An update covers (prevSeq, seq] with absolute sizes, so one that starts at or before the book's
 * own sequence misses nothing; one that starts after it is a gap, and the book must be asked for again.
 */
export function applyBookFrame(book: Book, frame: BookFrame, data: BookChange): BookStep {
  if (frame.type === 'snapshot') {
    book.bids = data.bids.filter(isOpen).toSorted((a, b) => compareDecimals(b[0], a[0]));
    book.asks = data.asks.filter(isOpen).toSorted((a, b) => compareDecimals(a[0], b[0]));
    book.seq = frame.seq;
    return 'applied';
  }
  if (book.seq === -1 || frame.seq <= book.seq) return 'ignored';
  if (frame.prevSeq === undefined || frame.prevSeq > book.seq) {
    book.seq = -1;
    return 'gap';
  }
  for (const level of data.bids) setLevel(book.bids, level, -1);
  for (const level of data.asks) setLevel(book.asks, level, 1);
  book.seq = frame.seq;
  return 'applied';
}

const isOpen = (level: BookLevel): boolean => Number(level[1]) !== 0;

/** `direction` 1 sorts rising (asks), -1 falling (bids). */
function setLevel(levels: BookLevel[], level: BookLevel, direction: 1 | -1): void {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareDecimals(levels[middle]![0], level[0]) * direction < 0) low = middle + 1;
    else high = middle;
  }
  const found = levels[low]?.[0] === level[0];
  if (!isOpen(level)) {
    if (found) levels.splice(low, 1);
  } else if (found) levels[low] = level;
  else levels.splice(low, 0, level);
}
