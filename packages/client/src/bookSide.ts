import type { BookLevel } from './wire.ts';

/** One side of a book in order of price. A change costs a search and, of a new or gone price, a move of those behind it. */
export class BookSide {
  readonly #sign: 1 | -1;
  /** The best is the last: most changes are near it. */
  readonly #levels: BookLevel[] = [];

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? 1 : -1;
  }

  clear(): void {
    this.#levels.length = 0;
  }

  /** Size `0` = the level is gone. */
  set(level: BookLevel): void {
    const [price, size] = level;
    const place = this.#placeOf(price);
    const known = this.#levels[place]?.[0] === price;
    if (size === '0') {
      if (known) this.#levels.splice(place, 1);
    } else this.#levels.splice(place, known ? 1 : 0, level);
  }

  /** Best first. */
  top(depth: number): BookLevel[] {
    return this.#levels.slice(Math.max(0, this.#levels.length - depth)).reverse();
  }

  /** Prices have at most 16 digits, so their order as numbers is their order. */
  #placeOf(price: string): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sign * (Number(this.#levels[middle]?.[0]) - Number(price)) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
