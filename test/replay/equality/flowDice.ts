import type { Side } from '@keel/types';

/** Seeded draws by integers only, so that every machine draws the same. */
export class FlowDice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** Up to so many. */
  few<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.draw(most + 1) }, make);
  }

  side(): Side {
    return this.chance(2) ? 'buy' : 'sell';
  }

  pick<const Item>(items: readonly Item[]): Item {
    return items[this.draw(items.length)]!;
  }

  /** One time in `of`. */
  chance(of: number): boolean {
    return this.draw(of) === 0;
  }

  /** From 0 to `count` - 1. */
  draw(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  }
}
