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
  readonly onFailed: () => void;
}

/** Sees that there is a snapshot every so many commands. One that fails is an alarm, not the end: the journal goes on. */
export class SnapshotKeeper {
  readonly maker: SnapshotMaker;
  readonly #options: KeepOptions;
  #madeMs = performance.now();

  constructor(options: KeepOptions) {
    this.maker = new SnapshotMaker(options);
    this.#options = options;
  }

  get ageSeconds(): number {
    return (performance.now() - this.#madeMs) / 1_000;
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
    const { log, onMade, onFailed } = this.#options;
    try {
      const info = await this.maker.make(point);
      this.#madeMs = performance.now();
      onMade(info.seconds);
      log.info({ seq: info.sequence, bytes: info.bytes, seconds: info.seconds }, 'wrote a snapshot');
      return info;
    } catch (fault) {
      onFailed();
      log.error({ reason: String(fault), seq: point.sequence }, 'no snapshot could be written');
      throw fault;
    }
  }
}
