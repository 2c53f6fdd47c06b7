import type { Exchange } from '@keel/replica';
import type { Link } from './link.ts';
import type { Process, Scheduler } from './scheduler.ts';
import type { SimRedis } from './simRedis.ts';

const RETRY_MS = 250;

/** One leadership's writer of the read model: one write at a time, the newest state each time, until it is fenced. */
export class RedisWriter {
  readonly #scheduler: Scheduler;
  readonly #redis: SimRedis;
  readonly #link: Link;
  readonly #process: Process;
  readonly #epoch: number;
  readonly #exchange: Exchange;
  #writtenSequence: number | undefined;
  #busy = false;
  #fenced = false;

  constructor(
    scheduler: Scheduler,
    redis: SimRedis,
    link: Link,
    process: Process,
    leadership: { readonly epoch: number; readonly exchange: Exchange },
  ) {
    this.#scheduler = scheduler;
    this.#redis = redis;
    this.#link = link;
    this.#process = process;
    this.#epoch = leadership.epoch;
    this.#exchange = leadership.exchange;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Something was applied, or a while has passed. */
  publish(): void {
    const { sequence } = this.#exchange.state;
    if (this.#busy || this.#fenced || this.#writtenSequence === sequence) return;
    this.#busy = true;
    const head = { epoch: this.#epoch, sequence, recordHash: this.#exchange.parts.recordHash };
    this.#exchange.takeChanges();
    const way = this.#link.send();
    if (way === undefined || this.#redis.away) {
      this.#again();
      return;
    }
    this.#scheduler.worldAfter(way, () => {
      const outcome = this.#redis.write(head, this.#writtenSequence ?? 'whole');
      const back = this.#link.receive();
      if (back === undefined) {
        this.#again();
        return;
      }
      this.#scheduler.after(back, this.#process, () => {
        this.#busy = false;
        if (outcome === 'fenced') this.#fenced = true;
        else if (outcome === 'rebuildNeeded') this.#writtenSequence = undefined;
        else this.#writtenSequence = sequence;
        this.publish();
      });
    });
  }

  /** Nothing is known of the write: the next is of the whole read model. */
  #again(): void {
    this.#writtenSequence = undefined;
    this.#scheduler.after(RETRY_MS, this.#process, () => {
      this.#busy = false;
      this.publish();
    });
  }
}
