import type { Checkpoint } from '@keel/codec';
import { JournalFault } from '@keel/journal';
import { type SnapshotInfo, SnapshotMaker, type SnapshotMakerOptions } from '@keel/replica';
import type { Logger } from '@keel/runtime';

export interface KeepOptions extends SnapshotMakerOptions {
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
  #newest: Checkpoint | undefined;
  #madeMs = performance.now();

  constructor(options: KeepOptions) {
    this.maker = new SnapshotMaker(options);
    this.#options = options;
  }

  get ageSeconds(): number {
    return (performance.now() - this.#madeMs) / 1_000;
  }

  /** A root was computed: the only places where a snapshot can begin. */
  noteCheckpoint(checkpoint: Checkpoint): void {
    this.#newest = checkpoint;
    if (!this.maker.due(checkpoint.sequence)) return;
    this.#make(checkpoint).catch((fault: unknown) => {
      if (!(fault instanceof JournalFault)) this.#options.fail(fault);
    });
  }

  /** One now, of the newest checkpoint. Undefined: there was none since the last. Rejects with JournalFault. */
  async makeNow(): Promise<SnapshotInfo | undefined> {
    const newest = this.#newest;
    if (newest === undefined || newest.sequence <= this.maker.lastSequence) return undefined;
    return this.#make(newest);
  }

  async #make(checkpoint: Checkpoint): Promise<SnapshotInfo> {
    const { log, onMade, onFailed } = this.#options;
    try {
      const info = await this.maker.make(checkpoint);
      this.#madeMs = performance.now();
      onMade(info.seconds);
      log.info({ seq: info.sequence, bytes: info.bytes, seconds: info.seconds }, 'wrote a snapshot');
      return info;
    } catch (fault) {
      onFailed();
      log.error({ reason: String(fault), seq: checkpoint.sequence }, 'no snapshot could be written');
      throw fault;
    }
  }
}
