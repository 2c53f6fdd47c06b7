import { writeSnapshot } from '@keel/journal';
import { type BatchStore, type Exchange, writeSnapshotPayload } from '@keel/replica';
import type { Logger } from '@keel/runtime';
import type { Hex } from '@keel/types';
import type { Figures } from './figures.ts';

export interface SnapshotOptions {
  readonly dataDir: string;
  readonly everyCommands: number;
  readonly exchange: Exchange;
  readonly batches: BatchStore;
  readonly figures: Figures;
  readonly log: Logger;
}

/** Writes a snapshot of the exchange now and then. Its bytes are built between two groups; the file is written beside them. */
export class SnapshotTaker {
  readonly #options: SnapshotOptions;
  #lastSequence: number;
  #writing: Promise<void> | undefined;

  constructor(options: SnapshotOptions, lastSequence: number) {
    this.#options = options;
    this.#lastSequence = lastSequence;
  }

  /** Call between two groups: everything applied is durable then. The promise rejects when the disk does. */
  async takeIfDue(): Promise<void> {
    const { exchange, everyCommands } = this.#options;
    if (this.#writing !== undefined || exchange.state.sequence - this.#lastSequence < everyCommands) return;
    await this.take();
  }

  /** Takes one now, unless the newest is of this very sequence. */
  async take(): Promise<void> {
    await this.#writing;
    if (this.#options.exchange.state.sequence === this.#lastSequence) return;
    this.#writing = this.#take().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  async #take(): Promise<void> {
    const { dataDir, exchange, batches, figures, log } = this.#options;
    const { sequence } = exchange.state;
    const built = figures.snapshotSeconds.startTimer();
    const snapshot = {
      sequence,
      recordHash: bytesOf(exchange.parts.recordHash),
      stateRoot: bytesOf(exchange.stateRoot()),
      payload: writeSnapshotPayload(exchange.parts),
    };
    const buildSeconds = built();
    this.#lastSequence = sequence;
    // Replay from this snapshot will not seal these batches again, so their files must be there first.
    await batches.settled();
    await writeSnapshot(dataDir, snapshot);
    log.info({ seq: sequence, bytes: snapshot.payload.length, buildSeconds }, 'wrote a snapshot');
  }
}

function bytesOf(hex: Hex): Uint8Array {
  return Buffer.from(hex.slice(2), 'hex');
}
