import { expect } from 'vitest';
import type { BookApi } from './twin.ts';

/**
 * Runs a table: each line is `command | what happens`. Orders are named by their ids. A command is one of
 * `buy #1 5 @ 100`, `sell #2 5 hidden 20 by 5 @ 101` (20 more lots, shown 5 at a time), `take buy 7 @ 101`,
 * `fill #1 3`, `shrink #1 3`, `cancel #1`, or `book`, which tells all prices from the highest down with their queues:
 * `101- #2:5+20` is an ask of 5 shown and 20 hidden lots.
 */
export function bookTable(book: BookApi, table: string): void {
  const asked: string[] = [];
  const got: string[] = [];
  for (const line of table.split('\n')) {
    const [left = '', right = ''] = line.split('|').map((part) => part.trim().replace(/\s+/g, ' '));
    if (left === '') continue;
    asked.push(`${left} | ${right}`);
    got.push(`${left} | ${runLine(book, left)}`);
  }
  expect(got).toEqual(asked);
}

function runLine(book: BookApi, line: string): string {
  const [verb = '', ...words] = line.split(' ');
  const numbers = words.map((word) => Number(word.replace('#', ''))).filter((number) => !Number.isNaN(number));
  const [first = 0, second = 0] = numbers;
  switch (verb) {
    case 'buy':
    case 'sell': {
      const [hidden = 0, display = 0] = words.includes('hidden') ? numbers.slice(2) : [];
      book.insert(first, verb === 'buy', numbers.at(-1)!, second, hidden, display, 1);
      return '';
    }
    case 'take':
      return take(book, words[0] === 'buy', first, second);
    case 'fill':
      return book.fill(book.find(first), second) ? 'gone' : '';
    case 'shrink':
      book.shrink(book.find(first), second);
      return '';
    case 'cancel':
      book.remove(book.find(first));
      return '';
    case 'book':
      return bookText(book);
    default:
      throw new Error(`the book knows no "${line}"`);
  }
}

/** Trades until the limit or the last lot, as an incoming order does. */
function take(book: BookApi, buys: boolean, lots: number, limitTicks: number): string {
  const trades: string[] = [];
  let left = lots;
  while (left > 0) {
    const maker = book.front(buys, limitTicks);
    if (maker === 0) break;
    const traded = Math.min(left, book.lotsOf(maker));
    trades.push(`#${book.idOf(maker)} ${traded} @ ${book.ticksOf(maker)}`);
    book.fill(maker, traded);
    left -= traded;
  }
  return [...trades, ...(left > 0 ? [`${left} left`] : [])].join('; ');
}

/** Everything that rests, read price by price from the highest down. */
export function bookText(book: BookApi): string {
  const prices: string[] = [];
  for (let ticks = book.levelBelow(2 ** 30 + 1); ticks !== 0; ticks = book.levelBelow(ticks)) {
    const orders: string[] = [];
    for (let slot = book.headAt(ticks); slot !== 0; slot = book.nextInQueue(slot)) {
      const hidden = book.hiddenOf(slot);
      orders.push(`#${book.idOf(slot)}:${book.lotsOf(slot)}${hidden > 0 ? `+${hidden}` : ''}`);
    }
    prices.push(`${ticks}${book.buysOf(book.headAt(ticks)) ? '+' : '-'} ${orders.join(' ')}`);
  }
  return prices.join(', ');
}
