/** Ticks and lots. */
export type TickLevel = readonly [priceTicks: number, sizeLots: number];

/** One side of a book in order of price. A change costs a search and, of a new or gone price, a move of those behind it. */
export class SortedLevels {
  readonly #sign: 1 | -1;
  /** The best is the last: most changes are near it. */
  #prices: number[] = [];
  #sizes = new Map<number, number>();

  /** Of bids the highest price is best, of asks the lowest. */
  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? 1 : -1;
  }

  load(levels: readonly TickLevel[]): void {
    this.#sizes = new Map(levels);
    this.#prices = [...this.#sizes.keys()].sort((left, right) => this.#sign * (left - right));
  }

  /** 0 lots = the level is gone. */
  set(priceTicks: number, sizeLots: number): void {
    const known = this.#sizes.has(priceTicks);
    if (sizeLots === 0) {
      if (!known) return;
      this.#sizes.delete(priceTicks);
      this.#prices.splice(this.#placeOf(priceTicks), 1);
      return;
    }
    this.#sizes.set(priceTicks, sizeLots);
    if (!known) this.#prices.splice(this.#placeOf(priceTicks), 0, priceTicks);
  }

  best(): TickLevel | undefined {
    return this.top(1)[0];
  }

  /** Best first, at most `depth`. */
  top(depth: number = Number.POSITIVE_INFINITY): TickLevel[] {
    const levels: TickLevel[] = [];
    for (let at = this.#prices.length - 1; at >= 0 && levels.length < depth; at -= 1) {
      const ticks = this.#prices[at] as number;
      levels.push([ticks, this.#sizes.get(ticks) as number]);
    }
    return levels;
  }

  /**
   * The same with prices put together in steps of `stepTicks`: a bid counts at the step below it, an ask at the one above, so
   * that no group shows a better price than its orders have.
   */
  grouped(stepTicks: number, depth: number): TickLevel[] {
    const levels: [number, number][] = [];
    for (let at = this.#prices.length - 1; at >= 0; at -= 1) {
      const ticks = this.#prices[at] as number;
      const remainder = ticks % stepTicks;
      const step = ticks - remainder + (this.#sign === -1 && remainder > 0 ? stepTicks : 0);
      const lots = this.#sizes.get(ticks) as number;
      const last = levels.at(-1);
      if (last?.[0] === step) last[1] += lots;
      else if (levels.length === depth) break;
      else levels.push([step, lots]);
    }
    return levels;
  }

  #placeOf(priceTicks: number): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sign * ((this.#prices[middle] as number) - priceTicks) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
