import type { Time } from '@keel/cluster';
import type { Process, Scheduler } from './scheduler.ts';

/** Sunday, 6 December 2026, 00:00 UTC. */
export const START_MS = 1_796_515_200_000;

/** The clocks of one machine: a monotonic one that runs a little fast or slow, and a wall clock that may jump. */
export class NodeClock {
  readonly #scheduler: Scheduler;
  readonly #rate: number;
  #wallOffsetMs: number;
  /** Only a proof that the checker can fail moves it. */
  monotonicOffsetMs = 0;

  /** `rate` 1.01 = one per cent fast. */
  constructor(scheduler: Scheduler, rate: number, wallOffsetMs: number) {
    this.#scheduler = scheduler;
    this.#rate = rate;
    this.#wallOffsetMs = wallOffsetMs;
  }

  get monotonicMs(): number {
    return this.#scheduler.nowMs * this.#rate + this.monotonicOffsetMs;
  }

  /** The wall clock is set; a positive figure puts it forward. */
  jump(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /** As after a visit of a time server. */
  setRight(): void {
    this.#wallOffsetMs = this.#scheduler.nowMs * (1 - this.#rate);
  }

  /** The clocks and timers as one run of the node's program sees them. */
  timeOf(process: Process): Time {
    const scheduler = this.#scheduler;
    return {
      monotonicMs: () => this.monotonicMs,
      wallMs: () => START_MS + Math.floor(scheduler.nowMs * this.#rate + this.#wallOffsetMs),
      after: (ms, run) => scheduler.after(ms / this.#rate, process, run),
      // Longer than what falls on the same moment, shorter than any network.
      nextTurn: () => new Promise((resolve) => scheduler.after(0.01, process, resolve)),
    };
  }
}
