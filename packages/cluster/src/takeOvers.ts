import { TAKEOVERS_WINDOW_MS } from './limits.ts';
import type { Time } from './time.ts';

/**
 * Changes of the leader that this node saw lately. Nodes that take over from each other without end help nobody: beyond
 * a bound they wait, and an alarm is raised.
 */
export class TakeOvers {
  readonly #time: Time;
  readonly #max: number;
  #seenMs: number[] = [];
  #lastEpoch = 0;

  constructor(time: Time, max: number) {
    this.#time = time;
    this.#max = max;
  }

  /** A leader of this epoch is there. The first that a node sees is no change. */
  note(epoch: number): void {
    if (epoch <= this.#lastEpoch) return;
    if (this.#lastEpoch !== 0) this.#seenMs.push(this.#time.monotonicMs());
    this.#lastEpoch = epoch;
    if (this.#seenMs.length > 2 * this.#max) this.#seenMs.shift();
  }

  get lastMinute(): number {
    const sinceMs = this.#time.monotonicMs() - TAKEOVERS_WINDOW_MS;
    this.#seenMs = this.#seenMs.filter((seenMs) => seenMs > sinceMs);
    return this.#seenMs.length;
  }

  get tooMany(): boolean {
    return this.lastMinute >= this.#max;
  }
}
