import { type Disk, type Journal, nodeDisk, writeSnapshot } from '@keel/journal';
import { assert, type Hex } from '@keel/types';
import type { BatchStore } from './batchStore.ts';
import type { Exchange } from './exchange.ts';
import type { SnapshotInfo, SnapshotJob } from './makeSnapshot.ts';
import type { ReplayProgress } from './replay.ts';
import { type RunOptions, runInThread } from './runInThread.ts';
import { snapshotOf } from './snapshotOf.ts';

export interface SnapshotMakerOptions {
  readonly dataDir: string;
  /** Commands from one snapshot to the next. */
  readonly everyCommands: number;
  /** Of the newest snapshot there is; 0 = none. */
  readonly lastSequence: number;
  readonly journal: Pick<Journal, 'flush' | 'durableSequence'>;
  readonly batches: Pick<BatchStore, 'settled'>;
  /** About once a second while one is made. */
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Where it is made: a thread of its own unless told. */
  readonly run?: (job: SnapshotJob, options: RunOptions) => Promise<SnapshotInfo>;
  readonly disk?: Disk;
}

/** What a snapshot is made of: a sequence that was applied and the root of the state after it. */
export interface SnapshotPoint {
  readonly sequence: number;
  readonly stateRoot: Hex;
}

/**
 * Makes snapshots while the exchange goes on: a thread replays what the journal has since the last one. All that the
 * exchange itself gives is its root at that sequence, which the replay must come to.
 */
export class SnapshotMaker {
  readonly #options: SnapshotMakerOptions;
  readonly #stopping = new AbortController();
  #lastSequence: number;
  #triedSequence: number;
  #making: Promise<SnapshotInfo> | undefined;

  constructor(options: SnapshotMakerOptions) {
    this.#options = options;
    this.#lastSequence = options.lastSequence;
    this.#triedSequence = options.lastSequence;
  }

  /** Of the newest snapshot; 0 = none. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** One is being made. */
  get busy(): boolean {
    return this.#making !== undefined;
  }

  /** Whether it is time for one: enough commands since the last, or since the last that failed, and none being made. */
  due(sequence: number): boolean {
    return !this.busy && sequence - this.#triedSequence >= this.#options.everyCommands;
  }

  /**
   * Makes one; while one is being made, that one is given back. Rejects with JournalFault when it cannot be made just
   * now, which harms nothing but the length of the next recovery, and with SnapshotDiffers when the exchange and its
   * journal disagree, after which the process must stop.
   */
  make(point: SnapshotPoint): Promise<SnapshotInfo> {
    if (this.#making !== undefined) return this.#making;
    this.#triedSequence = point.sequence;
    this.#making = this.#make(point).finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /**
   * For a clean stop: ends the thread, if one runs, and writes the exchange as it is from here, unless the newest
   * snapshot is of this very sequence. Nothing may be applied meanwhile. Undefined: there was nothing new.
   */
  async makeLast(exchange: Exchange): Promise<SnapshotPoint | undefined> {
    this.#stopping.abort();
    // Its caller was told how it ended.
    await this.#making?.catch(() => undefined);
    const { sequence } = exchange.state;
    if (sequence === this.#lastSequence) return undefined;
    await this.#allDurable(sequence);
    const { dataDir, disk = nodeDisk } = this.#options;
    await writeSnapshot(dataDir, snapshotOf(exchange), disk);
    this.#lastSequence = sequence;
    return { sequence, stateRoot: exchange.stateRoot() };
  }

  async #make({ sequence, stateRoot }: SnapshotPoint): Promise<SnapshotInfo> {
    const { dataDir, run = runInThread, onProgress } = this.#options;
    await this.#allDurable(sequence);
    const info = await run(
      { dataDir, sequence, stateRoot },
      { onProgress: (progress) => onProgress?.(progress), signal: this.#stopping.signal },
    );
    this.#lastSequence = sequence;
    return info;
  }

  /** A replay from a snapshot neither reads records before it nor seals their batches: both must be on disk first. */
  async #allDurable(sequence: number): Promise<void> {
    const { journal, batches } = this.#options;
    await journal.flush();
    assert(journal.durableSequence >= sequence, `${sequence} is not durable, only ${journal.durableSequence}`);
    await batches.settled();
  }
}
