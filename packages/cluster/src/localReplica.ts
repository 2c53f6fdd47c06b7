import { type Checkpoint, decodeSequencedCommand, type LogBlock } from '@keel/codec';
import { assertVersionKnown } from '@keel/engine';
import { type Journal, type ReceivedRecord, recordHashOf } from '@keel/journal';
import { type Exchange, toHex } from '@keel/replica';
import { assert, type SealedBatch } from '@keel/types';
import { Checkpoints } from './checkpoints.ts';
import { JOURNAL_LAG_MAX } from './limits.ts';

export interface LocalReplicaOptions {
  readonly exchange: Exchange;
  readonly journal: Journal;
  /** A batch was sealed, and the journal holds it. */
  readonly onSealed: (batch: SealedBatch) => void;
  /** A root was computed; the journal may not hold the command yet. */
  readonly onCheckpoint: (checkpoint: Checkpoint) => void;
  /** Commands between two checkpoints; the same on all nodes. */
  readonly checkpointCommands?: number | undefined;
  /** Ends the process: the journal cannot be trusted any more. */
  readonly fail: (fault: unknown) => never;
}

/** The log says something else than this node's journal. A person must look. */
export class LogDiffers extends Error {
  override readonly name = 'LogDiffers';
}

/** The log begins after what this node has: what is between must come from another node. */
export class LogBeginsLater extends Error {
  override readonly name = 'LogBeginsLater';
}

/**
 * What one node has of the log: its journal, the exchange that came of it, and the height up to which both follow the
 * log. The journal is written behind the log and flushed in the background: it never holds what the log does not.
 */
export class LocalReplica {
  readonly exchange: Exchange;
  readonly journal: Journal;
  readonly checkpoints: Checkpoints;
  readonly #options: LocalReplicaOptions;
  #height = 0;
  /** Of the last command of the last block that was looked at; undefined = no block yet. */
  #logSequence: number | undefined;
  #flushing = false;

  constructor(options: LocalReplicaOptions) {
    this.exchange = options.exchange;
    this.journal = options.journal;
    this.#options = options;
    this.checkpoints = new Checkpoints(options.checkpointCommands);
  }

  /** Of the last block applied; 0 = none known. */
  get height(): number {
    return this.#height;
  }

  get sequence(): number {
    return this.exchange.state.sequence;
  }

  /** A block of the log, in order; one that this node has is passed over. Throws LogDiffers, LogBeginsLater, StateDiffers, EngineVersionUnknown. */
  applyBlock(block: LogBlock): void {
    if (block.height === this.#height) this.#assertHas(block);
    if (block.height <= this.#height) return;
    // Behind a node that was away the log may have been trimmed while its process ran on.
    if ((this.#height !== 0 && block.height > this.#height + 1) || block.firstSequence > this.sequence + 1)
      throw new LogBeginsLater(
        `the log goes on with command ${block.firstSequence}, this node's journal ends at ${this.sequence}`,
      );
    if (block.checkpoint !== undefined) this.checkpoints.compare(block.checkpoint);
    this.#logSequence = block.firstSequence + block.payloads.length - 1;
    const before = this.sequence;
    this.#applyRecords(block);
    this.#height = block.height;
    if (this.sequence === before) return;
    this.#noteApplied(block.firstSequence);
    this.#flush();
    // Nobody here writes a read model; what changed is told anew by the node that leads.
    this.exchange.takeChanges();
  }

  /** A record from another node's journal, the next one of this node's. Throws LogDiffers, EngineVersionUnknown. */
  applyFetched({ sequence, previousHash, payload }: ReceivedRecord): void {
    if (sequence !== this.sequence + 1)
      throw new LogBeginsLater(`another node sent command ${sequence} after ${this.sequence}`);
    this.#assertSame(previousHash, this.sequence);
    this.#applyRecord(sequence, payload);
    this.#flush();
    this.exchange.takeChanges();
  }

  /** After records were fetched the log is found again by their sequences. */
  forgetHeight(): void {
    this.#height = 0;
  }

  /**
   * The log was read to its end: this node cannot have more than it, because journals are written behind the log. Throws
   * LogDiffers.
   */
  assertNothingBeyondLog(baseSequence: number): void {
    const logSequence = this.#logSequence ?? baseSequence;
    if (this.sequence <= logSequence) return;
    throw new LogDiffers(
      `this node's journal ends at ${this.sequence}, the cluster's log at ${logSequence}: the store has lost commands or ` +
        'belongs to another cluster; do not delete this journal',
    );
  }

  /** The leader's own block is in the log: its records go to the journal; the sequencer applies it. */
  noteCommitted(height: number, firstSequence: number, payloads: readonly Uint8Array[]): void {
    assert(height === this.#height + 1, `block ${height} after ${this.#height}`);
    for (const [index, payload] of payloads.entries()) this.journal.append(firstSequence + index, payload);
    this.#height = height;
    this.#logSequence = firstSequence + payloads.length - 1;
    this.#flush();
  }

  /** The leader's own block was applied. */
  noteApplied(firstSequence: number): void {
    this.#noteApplied(firstSequence);
  }

  /**
   * A batch was sealed. It is told once the journal holds all of it: a batch that is on disk before its commands would
   * look, after a loss of power, like a journal that was cut. Whoever flushes the journal later, as for a snapshot, hears of
   * it later than `onSealed`.
   */
  noteSealed(batch: SealedBatch): void {
    const { onSealed, fail } = this.#options;
    this.journal.flush().then(() => onSealed(batch), fail);
  }

  #applyRecords(block: LogBlock): void {
    const mine = this.sequence;
    let hash = block.previousHash;
    if (block.firstSequence === mine + 1) this.#assertSame(hash, mine);
    // All of it lies before the end of the journal; only what is there is compared.
    if (block.firstSequence + block.payloads.length <= mine) return;
    for (const [index, payload] of block.payloads.entries()) {
      const sequence = block.firstSequence + index;
      if (sequence > mine) this.#applyRecord(sequence, payload);
      else {
        hash = recordHashOf(hash, sequence, payload);
        if (sequence === mine) this.#assertSame(hash, mine);
      }
    }
  }

  /** The record that continues the journal, whose last hash was held to the log's. */
  #applyRecord(sequence: number, payload: Uint8Array): void {
    const sequenced = decodeSequencedCommand(payload);
    // Before it is in the journal: what this program cannot apply is left to a newer one.
    assertVersionKnown(this.exchange.state, sequenced);
    const recordHash = this.journal.append(sequence, payload);
    const { sealed } = this.exchange.apply(sequenced, toHex(recordHash));
    if (sealed !== undefined) this.noteSealed(sealed);
  }

  /** The last block that this node has. Only its own height says that it ends where the journal does. */
  #assertHas({ previousHash, firstSequence, payloads }: LogBlock): void {
    // A journal that was there before the log was read to its end goes on behind this block.
    if (firstSequence + payloads.length - 1 !== this.sequence) return;
    let hash = previousHash;
    for (const [index, payload] of payloads.entries()) hash = recordHashOf(hash, firstSequence + index, payload);
    this.#assertSame(hash, firstSequence + payloads.length - 1);
  }

  #assertSame(hash: Uint8Array, sequence: number): void {
    if (Buffer.compare(hash, this.journal.lastHash) === 0) return;
    throw new LogDiffers(
      `command ${sequence} is another one in the cluster's log than in this node's journal: it belongs to another ` +
        'history; move the data directory away and start again, the node then fetches everything from its peers',
    );
  }

  #noteApplied(firstSequence: number): void {
    const before = this.checkpoints.newest;
    this.checkpoints.noteBlock(this.exchange, firstSequence);
    const { newest } = this.checkpoints;
    if (newest !== undefined && newest !== before) this.#options.onCheckpoint(newest);
  }

  /** One flush at a time; what is appended meanwhile goes into the next. */
  #flush(): void {
    const { journal } = this;
    assert(journal.lastSequence - journal.durableSequence <= JOURNAL_LAG_MAX, 'the disk is too far behind the log');
    if (this.#flushing) return;
    this.#flushing = true;
    journal.flush().then(() => {
      this.#flushing = false;
      if (journal.durableSequence < journal.lastSequence) this.#flush();
    }, this.#options.fail);
  }
}
