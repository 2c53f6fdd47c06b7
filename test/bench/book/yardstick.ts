import type { Tape } from './tape.ts';

const TICKS = 65_536;
const PREVIOUS = 0;
const NEXT = 1;
const TICKS_OF = 2;
const LOTS = 3;

/**
 * What an order book in typed arrays costs at least, to measure the real one against: ids are places in an array, lots
 * are Int32, every price has its level, and it can nothing but match, rest and cancel.
 */
export class Yardstick {
  readonly #tape: Tape;
  readonly #orders: Int32Array;
  /** First and last order of each price. */
  readonly #levels = new Int32Array(TICKS * 2);
  /** A bit per price, per word of prices, per word of those. */
  readonly #prices = new Int32Array(TICKS >> 5);
  readonly #words = new Int32Array(TICKS >> 10);
  readonly #blocks = new Int32Array(TICKS >> 15);
  #bestBid = 0;
  #bestAsk = 0;

  constructor(maxId: number, tape: Tape) {
    this.#tape = tape;
    this.#orders = new Int32Array((maxId + 1) * 4);
  }

  add(id: number, buys: boolean, ticks: number, lots: number): void {
    const orders = this.#orders;
    let left = lots;
    for (;;) {
      const best = buys ? this.#bestAsk : this.#bestBid;
      if (best === 0 || (buys ? best > ticks : best < ticks)) break;
      const maker = this.#levels[best << 1]!;
      const shown = orders[(maker << 2) + LOTS]!;
      if (shown > left) {
        orders[(maker << 2) + LOTS] = shown - left;
        this.#tape.trade(maker, id, best, left);
        return;
      }
      this.#tape.trade(maker, id, best, shown);
      left -= shown;
      this.cancel(maker);
      if (left === 0) return;
    }
    const at = id << 2;
    const tail = this.#levels[(ticks << 1) + 1]!;
    orders[at + PREVIOUS] = tail;
    orders[at + NEXT] = 0;
    orders[at + TICKS_OF] = ticks;
    orders[at + LOTS] = left;
    this.#levels[(ticks << 1) + 1] = id;
    if (tail !== 0) orders[(tail << 2) + NEXT] = id;
    else {
      this.#levels[ticks << 1] = id;
      this.#prices[ticks >> 5]! |= 1 << (ticks & 31);
      this.#words[ticks >> 10]! |= 1 << ((ticks >> 5) & 31);
      this.#blocks[ticks >> 15]! |= 1 << ((ticks >> 10) & 31);
      if (buys) {
        if (ticks > this.#bestBid) this.#bestBid = ticks;
      } else if (this.#bestAsk === 0 || ticks < this.#bestAsk) this.#bestAsk = ticks;
    }
  }

  cancel(id: number): void {
    const orders = this.#orders;
    const at = id << 2;
    const previous = orders[at + PREVIOUS]!;
    const next = orders[at + NEXT]!;
    const ticks = orders[at + TICKS_OF]!;
    if (previous !== 0) orders[(previous << 2) + NEXT] = next;
    else this.#levels[ticks << 1] = next;
    if (next !== 0) orders[(next << 2) + PREVIOUS] = previous;
    else this.#levels[(ticks << 1) + 1] = previous;
    if (previous === 0 && next === 0) this.#close(ticks);
  }

  #close(ticks: number): void {
    const prices = this.#prices[ticks >> 5]! & ~(1 << (ticks & 31));
    this.#prices[ticks >> 5] = prices;
    if (prices === 0) {
      const words = this.#words[ticks >> 10]! & ~(1 << ((ticks >> 5) & 31));
      this.#words[ticks >> 10] = words;
      if (words === 0) this.#blocks[ticks >> 15]! &= ~(1 << ((ticks >> 10) & 31));
    }
    if (ticks === this.#bestBid) this.#bestBid = this.#below(ticks);
    else if (ticks === this.#bestAsk) this.#bestAsk = this.#above(ticks);
  }

  #below(ticks: number): number {
    let at = ticks >> 5;
    let bits = this.#prices[at]! & ~(-1 << (ticks & 31));
    if (bits !== 0) return (at << 5) + highest(bits);
    bits = this.#words[at >> 5]! & ~(-1 << (at & 31));
    at >>= 5;
    if (bits === 0) {
      bits = this.#blocks[at >> 5]! & ~(-1 << (at & 31));
      at >>= 5;
      if (bits === 0 && at > 0) {
        at -= 1;
        bits = this.#blocks[at]!;
      }
      if (bits === 0) return 0;
      at = (at << 5) + highest(bits);
      bits = this.#words[at]!;
    }
    at = (at << 5) + highest(bits);
    return (at << 5) + highest(this.#prices[at]!);
  }

  #above(ticks: number): number {
    let at = ticks >> 5;
    let bits = this.#prices[at]! & (-2 << (ticks & 31));
    if (bits !== 0) return (at << 5) + lowest(bits);
    bits = this.#words[at >> 5]! & (-2 << (at & 31));
    at >>= 5;
    if (bits === 0) {
      bits = this.#blocks[at >> 5]! & (-2 << (at & 31));
      at >>= 5;
      if (bits === 0 && at === 0) {
        at += 1;
        bits = this.#blocks[at]!;
      }
      if (bits === 0) return 0;
      at = (at << 5) + lowest(bits);
      bits = this.#words[at]!;
    }
    at = (at << 5) + lowest(bits);
    return (at << 5) + lowest(this.#prices[at]!);
  }
}

const highest = (bits: number): number => 31 - Math.clz32(bits);

const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);
