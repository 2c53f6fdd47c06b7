/**
 * The newest `max` of what was ever pushed, oldest first. Trims only when it has twice as many, so a push costs the
 * same on average however long the history is.
 */
export class Newest<Item> {
  readonly max: number;
  #items: Item[];

  constructor(max: number, items: readonly Item[] = []) {
    this.max = max;
    this.#items = items.slice(-max);
  }

  push(item: Item): void {
    this.#items.push(item);
    if (this.#items.length >= 2 * this.max) this.#items = this.#items.slice(-this.max);
  }

  last(): Item | undefined {
    return this.#items.at(-1);
  }

  replaceLast(item: Item): void {
    this.#items[this.#items.length - 1] = item;
  }

  list(): readonly Item[] {
    return this.#items.slice(-this.max);
  }
}
