import { Book } from '@keel/engine';
import type { Flow } from './flow.ts';
import type { Tape } from './tape.ts';
import { Yardstick } from './yardstick.ts';

/** Price-time matching in its shortest form, each step through the book's public functions. */
export class Matcher {
  readonly book = new Book(2 ** 24);
  readonly #tape: Tape;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  add(id: number, buys: boolean, ticks: number, lots: number): void {
    const { book } = this;
    let left = lots;
    for (let maker = book.front(buys, ticks); maker !== 0; maker = book.front(buys, ticks)) {
      const traded = Math.min(left, book.lotsOf(maker));
      this.#tape.trade(book.idOf(maker), id, book.ticksOf(maker), traded);
      book.fill(maker, traded);
      left -= traded;
      if (left === 0) break;
    }
    if (left > 0) book.insert(id, buys, ticks, left, 0, 0, 1);
    book.changedCount = 0;
  }

  cancel(id: number): void {
    const { book } = this;
    book.remove(book.find(id));
    book.changedCount = 0;
  }
}

/** Operations per call of a loop, so that V8 optimises the loop as a function and not once per flow in its midst. */
export const CHUNK = 1_024;

/** Plays operations [from, to) into the book. One loop per book, the same word for word: each learns one book's types. */
export function playOnBook(records: Int32Array, from: number, to: number, matcher: Matcher): void {
  for (let at = from * 4; at < to * 4; at += 4) {
    const word = records[at]!;
    const id = records[at + 1]! >>> 0;
    if ((word & 255) === 0) matcher.add(id, (word & 0xff00) === 0, records[at + 2]!, records[at + 3]!);
    else matcher.cancel(id);
  }
}

export function playOnYardstick(records: Int32Array, from: number, to: number, yardstick: Yardstick): void {
  for (let at = from * 4; at < to * 4; at += 4) {
    const word = records[at]!;
    const id = records[at + 1]! >>> 0;
    if ((word & 255) === 0) yardstick.add(id, (word & 0xff00) === 0, records[at + 2]!, records[at + 3]!);
    else yardstick.cancel(id);
  }
}

export function playBook(flow: Flow, tape: Tape): Matcher {
  const matcher = new Matcher(tape);
  for (let from = 0; from < flow.operations; from += CHUNK)
    playOnBook(flow.records, from, Math.min(from + CHUNK, flow.operations), matcher);
  return matcher;
}

export function playYardstick(flow: Flow, tape: Tape): Yardstick {
  const yardstick = new Yardstick(flow.maxId, tape);
  for (let from = 0; from < flow.operations; from += CHUNK)
    playOnYardstick(flow.records, from, Math.min(from + CHUNK, flow.operations), yardstick);
  return yardstick;
}
