import { JournalFault } from '@keel/journal';
import {
  type Exchange,
  type SnapshotInfo,
  SnapshotMaker,
  type SnapshotMakerOptions,
  type SnapshotPoint,
} from '@keel/replica';
import type { Logger } from '@keel/runtime';

export interface KeepOptions extends SnapshotMakerOptions {
  readonly exchange: Exchange;
  readonly log: Logger;
  /** Ends the process: exchange and journal disagree. */
  readonly fail: (fault: unknown) => never;
  readonly onMade: (seconds: number) => void;
}

/** Sees that there is a snapshot every so many commands. One that fails is an alarm, not the end: the journal goes on. */
export class SnapshotKeeper {
  readonly maker: SnapshotMaker;
  readonly #options: KeepOptions;
  #madeMs = performance.now();
  #failures = 0;

  constructor(options: KeepOptions) {
    this.maker = new SnapshotMaker(options);
    this.#options = options;
  }

  get ageSeconds(): number {
    return (performance.now() - this.#madeMs) / 1_000;
  }

  /** Since the start of the process. */
  get failures(): number {
    return this.#failures;
  }

  /** For a clean stop; a disk that refuses it costs the next start some time and nothing else. */
  async makeLast(): Promise<void> {
    const { exchange, log } = this.#options;
    try {
      await this.maker.makeLast(exchange);
    } catch (fault) {
      if (!(fault instanceof JournalFault)) throw fault;
      log.error({ reason: fault.message }, 'no last snapshot could be written');
    }
  }

  /** Call between two groups: what was applied is in the journal, or will be with its next flush. */
  makeIfDue(): void {
    const { exchange, fail } = this.#options;
    if (!this.maker.due(exchange.state.sequence)) return;
    this.#make(this.#now()).catch((fault: unknown) => {
      if (!(fault instanceof JournalFault)) fail(fault);
    });
  }

  /** One now. Undefined: nothing was applied since the last. Rejects with JournalFault. */
  async makeNow(): Promise<SnapshotInfo | undefined> {
    if (this.#options.exchange.state.sequence <= this.maker.lastSequence) return undefined;
    return this.#make(this.#now());
  }

  #now(): SnapshotPoint {
    const { exchange } = this.#options;
    return { sequence: exchange.state.sequence, stateRoot: exchange.stateRoot() };
  }

  async #make(point: SnapshotPoint): Promise<SnapshotInfo> {
    const { log, onMade } = this.#options;
    try {
      const info = await this.maker.make(point);
      this.#madeMs = performance.now();
      onMade(info.seconds);
      log.info({ seq: info.sequence, bytes: info.bytes, seconds: info.seconds }, 'wrote a snapshot');
      return info;
    } catch (fault) {
      this.#failures += 1;
      log.error({ reason: String(fault), seq: point.sequence }, 'no snapshot could be written');
      throw fault;
    }
  }
}
