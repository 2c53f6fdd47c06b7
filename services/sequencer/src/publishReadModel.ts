import type { HeadState, ReadModelWriter, RebuildOutcome, WriteOutcome } from '@keel/redis';
import { type Exchange, entriesOf } from '@keel/replica';
import type { Logger } from '@keel/runtime';
import { AssertionError } from '@keel/types';
import { DeleverageLights } from './deleverageLights.ts';
import { PENDING_ENTRIES_MAX } from './limits.ts';
import { fullReadModelOf, stateDiffOf } from './readModelDocs.ts';

/** Pause before a failed write is tried again while the connection is up. */
const RETRY_MS = 250;
/** How often the read model is looked at while nothing is applied: an emptied or exchanged Redis is noticed by then. */
const LOOK_MS = 1_000;

/**
 * Keeps the read model at the exchange's heels and never in its way: one write is in flight, everything that changes
 * meanwhile goes into the next. While Redis is away changes are collected; when that becomes too much they are dropped
 * and the whole read model is written when Redis is back. Once fenced (a later leader has the read model) it writes nothing
 * more and says so once.
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
  #fenced = false;
  #refusal: string | undefined;
  #lookDue = false;
  readonly #onFenced: () => void;
  readonly #looking: NodeJS.Timeout;

  /** `onFenced` is called at most once, when Redis says that a later leader writes it. */
  constructor(exchange: Exchange, writer: ReadModelWriter, log: Logger, onFenced: () => void = () => undefined) {
    this.#exchange = exchange;
    this.#writer = writer;
    this.#log = log;
    this.#onFenced = onFenced;
    writer.onConnected(() => this.#look());
    writer.onRefused((reason) => {
      this.#refusal = reason;
      log.error({ reason }, 'Redis must not be written; the exchange goes on without it');
    });
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#looking.unref();
  }

  /** A later leader has the read model: nothing is written any more. */
  get fenced(): boolean {
    return this.#fenced;
  }

  /** Why Redis was not fit to be written when it was looked at last; undefined = it is, or is away. */
  get refusal(): string | undefined {
    return this.#writer.connected ? undefined : this.#refusal;
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
    if (this.#running === undefined && !this.#stopped && !this.#fenced && this.#writer.connected) {
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
      });
    } else {
      this.#forgetWhatIsTooMuch();
    }
  }

  /**
   * Alone, writes what is left if Redis is there; then closes the connection. Who leads a cluster no more takes no change
   * from now on: the next leader writes a whole read model, and that may be this very node, to whose publisher they belong.
   */
  async close(): Promise<void> {
    clearInterval(this.#looking);
    const alone = this.#writer.epoch === 0;
    if (!alone) this.#stopped = true;
    await this.#running;
    this.#stopped = true;
    if (alone && this.#writer.connected && this.lagCommands > 0) await this.#writeOnce();
    await this.#writer.close();
  }

  #look(): void {
    this.#lookDue = true;
    this.publish();
  }

  get #due(): boolean {
    return this.lagCommands > 0 || this.#rebuildDue || this.#lookDue;
  }

  async #run(): Promise<void> {
    while (!this.#stopped && !this.#fenced && this.#writer.connected && this.#due) {
      const written = await this.#writeOnce();
      if (!written && !this.#stopped) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** False when Redis did not take it; the next attempt then starts from a whole read model. */
  async #writeOnce(): Promise<boolean> {
    try {
      // A diff looks at the head, too.
      if (!this.#rebuildDue && this.lagCommands > 0) await this.#writeDiff();
      else if (!this.#rebuildDue) this.#take(await this.#writer.look());
      if (this.#rebuildDue && !this.#fenced && !(this.#stopped && this.#writer.epoch !== 0)) await this.#rebuild();
      this.#lookDue = false;
      if (this.#fenced) return true;
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
    this.#take(outcome);
  }

  #take(outcome: WriteOutcome | RebuildOutcome | HeadState): void {
    if (outcome === 'rebuildNeeded') this.#rebuildDue = true;
    if (outcome !== 'fenced' || this.#fenced) return;
    this.#fenced = true;
    clearInterval(this.#looking);
    this.#log.warn({ seq: this.#publishedSequence }, 'fenced: a later leader writes the read model');
    this.#onFenced();
  }

  async #rebuild(): Promise<void> {
    const { sequence } = this.#exchange.state;
    this.#exchange.takeChanges();
    this.#rebuildDue = false;
    const outcome = await this.#writer.rebuild(fullReadModelOf(this.#exchange, this.#lights));
    this.#take(outcome);
    if (outcome === 'fenced') return;
    this.#publishedSequence = sequence;
    this.#rebuilds += 1;
    this.#log.info({ seq: sequence }, 'wrote the whole read model');
  }

  #forgetWhatIsTooMuch(): void {
    if (this.#rebuildDue || this.#fenced) this.#exchange.takeChanges();
    else if (entriesOf(this.#exchange.pendingChanges) > PENDING_ENTRIES_MAX) this.#rebuildDue = true;
  }
}
