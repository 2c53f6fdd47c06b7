import type { ReadModelWriter } from '@keel/redis';
import { type Exchange, entriesOf } from '@keel/replica';
import type { Logger } from '@keel/runtime';
import { AssertionError } from '@keel/types';
import { DeleverageLights } from './deleverageLights.ts';
import { PENDING_ENTRIES_MAX } from './limits.ts';
import { fullReadModelOf, stateDiffOf } from './readModelDocs.ts';

/** Pause before a failed write is tried again while the connection is up. */
const RETRY_MS = 250;

/**
 * Keeps the read model at the exchange's heels and never in its way: one write is in flight, everything that changes
 * meanwhile goes into the next. While Redis is away changes are collected; when that becomes too much they are dropped
 * and the whole read model is written when Redis is back.
 */
export class ReadModelPublisher {
  readonly #exchange: Exchange;
  readonly #writer: ReadModelWriter;
  readonly #log: Logger;
  readonly #lights = new DeleverageLights();
  /** The read model is not what the last write left, or was never written by this process. */
  #rebuildDue = true;
  #running: Promise<void> | undefined;
  #stopped = false;
  #publishedSequence = 0;
  #rebuilds = 0;
  #away = false;

  constructor(exchange: Exchange, writer: ReadModelWriter, log: Logger) {
    this.#exchange = exchange;
    this.#writer = writer;
    this.#log = log;
    writer.onConnected(() => this.publish());
  }

  /** Commands applied but not yet in the read model. */
  get lagCommands(): number {
    return this.#exchange.state.sequence - this.#publishedSequence;
  }

  /** Times the whole read model was written since the start; the first is the start itself. */
  get rebuilds(): number {
    return this.#rebuilds;
  }

  get connected(): boolean {
    return this.#writer.connected;
  }

  /** Something was applied: see that it is written. Returns at once. */
  publish(): void {
    if (this.#running === undefined && !this.#stopped && this.#writer.connected) {
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
      });
    } else {
      this.#forgetWhatIsTooMuch();
    }
  }

  /** Writes what is left if Redis is there, then closes the connection. */
  async close(): Promise<void> {
    await this.#running;
    this.#stopped = true;
    if (this.#writer.connected && this.lagCommands > 0) await this.#writeOnce();
    await this.#writer.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped && this.#writer.connected && (this.lagCommands > 0 || this.#rebuildDue)) {
      const written = await this.#writeOnce();
      if (!written) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** False when Redis did not take it; the next attempt then starts from a whole read model. */
  async #writeOnce(): Promise<boolean> {
    try {
      if (!this.#rebuildDue) await this.#writeDiff();
      if (this.#rebuildDue) await this.#rebuild();
      if (this.#away) this.#log.info({ seq: this.#publishedSequence }, 'Redis is back and up to date');
      this.#away = false;
      return true;
    } catch (fault) {
      if (fault instanceof AssertionError) throw fault;
      this.#rebuildDue = true;
      if (!this.#away)
        this.#log.warn({ reason: String(fault) }, 'Redis takes nothing; the exchange goes on without it');
      this.#away = true;
      return false;
    }
  }

  async #writeDiff(): Promise<void> {
    const { state } = this.#exchange;
    const { sequence } = state;
    const changes = this.#exchange.takeChanges();
    const sampled = this.#lights.refresh(state);
    if (sampled !== undefined) changes.markets.add(sampled);
    const outcome = await this.#writer.write(stateDiffOf(this.#exchange, changes, this.#lights));
    if (outcome === 'written') this.#publishedSequence = sequence;
    else this.#rebuildDue = true;
  }

  async #rebuild(): Promise<void> {
    const { sequence } = this.#exchange.state;
    this.#exchange.takeChanges();
    this.#rebuildDue = false;
    await this.#writer.rebuild(fullReadModelOf(this.#exchange, this.#lights));
    this.#publishedSequence = sequence;
    this.#rebuilds += 1;
    this.#log.info({ seq: sequence }, 'wrote the whole read model');
  }

  #forgetWhatIsTooMuch(): void {
    if (this.#rebuildDue) this.#exchange.takeChanges();
    else if (entriesOf(this.#exchange.pendingChanges) > PENDING_ENTRIES_MAX) this.#rebuildDue = true;
  }
}
