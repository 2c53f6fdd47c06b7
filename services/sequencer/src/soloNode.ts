import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkpoints, fileLog, Sequencer, type SequencerOptions } from '@keel/cluster';
import type { Checkpoint, NodeReport, PauseRecord } from '@keel/codec';
import type { Journal } from '@keel/journal';
import type { NodeFace } from './nodeFace.ts';

export interface SoloOptions {
  readonly dataDir: string;
  readonly journal: Journal;
  readonly sequencer: Omit<SequencerOptions, 'log' | 'onApplied' | 'onLeadershipLost'>;
  /** A group was applied. */
  readonly onApplied: () => void;
  readonly report: (checkpoint: Checkpoint | undefined) => NodeReport;
}

const NO_OTHER = 'this exchange runs on one node, so there is nobody to hand over to';

/** A node without others: it always leads, and its journal is the log. */
export class SoloNode implements NodeFace {
  readonly nodeId = 'solo';
  readonly role = 'leading';
  readonly epoch = 0;
  readonly leader = undefined;
  readonly handingOver = false;
  readonly haltedBy = undefined;
  readonly heldBack = false;
  readonly takeOversLastMinute = 0;
  readonly leaseRemainingMs = 0;
  readonly clockOffsetMs = 0;
  readonly members = 1;
  readonly sequencer: Sequencer;
  readonly #options: SoloOptions;
  readonly #checkpoints = new Checkpoints();
  readonly #pauseFile: string;
  #paused: PauseRecord | undefined;
  #height = 0;
  #lastBlockMs: number;

  constructor(options: SoloOptions) {
    const { sequencer, journal, dataDir } = options;
    this.#options = options;
    this.#lastBlockMs = sequencer.monotonicMs();
    this.#pauseFile = join(dataDir, 'paused.json');
    this.#paused = readPause(this.#pauseFile);
    this.sequencer = new Sequencer({
      ...sequencer,
      log: fileLog(journal),
      onApplied: (firstSequence) => this.#noteApplied(firstSequence),
      // A journal of one node has no other leader.
      onLeadershipLost: sequencer.fail,
    });
  }

  /** Groups committed since the start. */
  get height(): number {
    return this.#height;
  }

  get durableSequence(): number {
    return this.#options.journal.durableSequence;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoints.newest;
  }

  get paused(): PauseRecord | undefined {
    return this.#paused;
  }

  get lastBlockMs(): number {
    return this.#lastBlockMs;
  }

  get nodes(): readonly NodeReport[] {
    return [this.#options.report(this.checkpoint)];
  }

  terms(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  handOver(): Promise<{ readonly refused: string }> {
    return Promise.resolve({ refused: NO_OTHER });
  }

  /** Holds over a restart. */
  setPause(reason: string | undefined): Promise<void> {
    this.#paused = reason === undefined ? undefined : { reason, sinceMs: Date.now() };
    mkdirSync(this.#options.dataDir, { recursive: true });
    if (this.#paused === undefined) rmSync(this.#pauseFile, { force: true });
    else writeFileSync(this.#pauseFile, `${JSON.stringify(this.#paused)}\n`, { flush: true });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return this.sequencer.stop();
  }

  #noteApplied(firstSequence: number): void {
    this.#height += 1;
    this.#lastBlockMs = this.#options.sequencer.monotonicMs();
    this.#checkpoints.noteBlock(this.#options.sequencer.exchange, firstSequence);
    this.#options.onApplied();
  }
}

/** A file that cannot be read pauses as well: an operator meant something. */
function readPause(file: string): PauseRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PauseRecord;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { reason: `${file} cannot be read`, sinceMs: Date.now() };
  }
}
