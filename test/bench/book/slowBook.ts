import { type Answer, HASH_START, mix } from './flow.ts';

export const TICKS_MAX = 65_535;

interface SlowOrder {
  readonly id: number;
  readonly buys: boolean;
  readonly ticks: number;
  lots: number;
  /** Its place among the live ones. */
  place: number;
}

/** The book a flow is made with: one array of orders per price, searched from end to end. It decides what is right. */
export class SlowBook {
  readonly #queues: SlowOrder[][] = Array.from({ length: TICKS_MAX + 2 }, () => []);
  /** Resting orders in an order of no meaning, to draw one from. */
  readonly live: SlowOrder[] = [];
  readonly #byId = new Map<number, SlowOrder>();
  bestBid = 0;
  bestAsk = TICKS_MAX + 1;
  #trades = 0;
  #filled = 0;
  #h1 = HASH_START;
  #h2 = HASH_START;

  find(id: number): SlowOrder | undefined {
    return this.#byId.get(id);
  }

  add(id: number, buys: boolean, ticks: number, lots: number): void {
    let left = lots;
    while (left > 0 && (buys ? this.bestAsk <= ticks : this.bestBid >= ticks && this.bestBid > 0)) {
      const maker = this.#queues[buys ? this.bestAsk : this.bestBid]![0]!;
      const traded = Math.min(left, maker.lots);
      left -= traded;
      maker.lots -= traded;
      this.#trades += 1;
      this.#filled += traded;
      this.#h1 = mix(mix(mix(this.#h1, maker.id), id), traded);
      this.#h2 = mix(this.#h2, maker.ticks);
      if (maker.lots === 0) this.remove(maker);
    }
    if (left === 0) return;
    const order = { id, buys, ticks, lots: left, place: this.live.length };
    this.#queues[ticks]!.push(order);
    this.live.push(order);
    this.#byId.set(id, order);
    if (buys) this.bestBid = Math.max(this.bestBid, ticks);
    else this.bestAsk = Math.min(this.bestAsk, ticks);
  }

  remove(order: SlowOrder): void {
    const queue = this.#queues[order.ticks]!;
    queue.splice(queue.indexOf(order), 1);
    const last = this.live.pop()!;
    if (last !== order) this.live[order.place] = last;
    last.place = order.place;
    this.#byId.delete(order.id);
    if (order.buys) while (this.bestBid > 0 && this.#queues[this.bestBid]!.length === 0) this.bestBid -= 1;
    else while (this.bestAsk <= TICKS_MAX && this.#queues[this.bestAsk]!.length === 0) this.bestAsk += 1;
  }

  get answer(): Answer {
    return { trades: this.#trades, filled: this.#filled, h1: this.#h1 >>> 0, h2: this.#h2 >>> 0 };
  }
}
