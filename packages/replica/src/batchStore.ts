import { join } from 'node:path';
import { type Disk, nodeDisk, writeWhole } from '@keel/journal';
import { StartupFault } from '@keel/runtime';
import { assert, type SealedBatch } from '@keel/types';
import { BATCHES_IN_MEMORY } from './limits.ts';

const FILE_NAME = /^([0-9]{12})\.json$/;

/**
 * Sealed batches as files, one JSON text each, in `<dataDir>/batches`. A file appears whole or not at all. They hold
 * nothing that a replay of the journal would not give again; `put` of a batch that is already there compares.
 */
export class BatchStore {
  readonly #disk: Disk;
  readonly #dir: string;
  readonly #known: Set<number>;
  readonly #recent = new Map<number, SealedBatch>();
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDir: string, disk: Disk = nodeDisk) {
    this.#disk = disk;
    this.#dir = join(dataDir, 'batches');
    disk.makeFolder(this.#dir);
    this.#known = new Set();
    for (const name of disk.list(this.#dir)) {
      const index = FILE_NAME.exec(name)?.[1];
      if (index !== undefined) this.#known.add(Number(index));
    }
  }

  /** Highest index that has a file, -1 if none. */
  get lastIndex(): number {
    let last = -1;
    for (const index of this.#known) last = Math.max(last, index);
    return last;
  }

  /** Whether every batch from 0 to `lastBatchIndex` has its file. */
  hasAll(lastBatchIndex: number): boolean {
    for (let index = 0; index <= lastBatchIndex; index += 1) if (!this.#known.has(index)) return false;
    return true;
  }

  /**
   * Keeps a batch; files are written one after the other in the background. A batch whose file exists must be the same.
   * The promise rejects when the disk does.
   */
  put(batch: SealedBatch): Promise<void> {
    this.#recent.set(batch.batchIndex, batch);
    this.#recent.delete(batch.batchIndex - BATCHES_IN_MEMORY);
    const step = this.#known.has(batch.batchIndex) ? () => this.#compare(batch) : () => this.#write(batch);
    this.#writing = this.#writing.then(step);
    return this.#writing;
  }

  /** Resolves when every batch put so far has its file. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Undefined when no such batch was sealed yet. */
  async get(batchIndex: number): Promise<SealedBatch | undefined> {
    const recent = this.#recent.get(batchIndex);
    if (recent !== undefined) return recent;
    return this.#known.has(batchIndex) ? this.#read(batchIndex) : undefined;
  }

  async #write(batch: SealedBatch): Promise<void> {
    const text = Buffer.from(`${JSON.stringify(batch)}\n`, 'utf8');
    await writeWhole(this.#disk, this.#dir, this.#path(batch.batchIndex), [text]);
    this.#known.add(batch.batchIndex);
  }

  async #compare(batch: SealedBatch): Promise<void> {
    const stored = await this.#read(batch.batchIndex);
    assert(
      stored.stateRoot === batch.stateRoot && stored.lastSequence === batch.lastSequence,
      `batch ${batch.batchIndex} was sealed with root ${stored.stateRoot} at ${stored.lastSequence}, ` +
        `a replay gives ${batch.stateRoot} at ${batch.lastSequence}`,
    );
  }

  async #read(batchIndex: number): Promise<SealedBatch> {
    const path = this.#path(batchIndex);
    const text = (await this.#disk.readFile(path)).toString('utf8');
    try {
      return JSON.parse(text) as SealedBatch;
    } catch {
      throw new StartupFault(`${path} is not a batch: delete it, and the next start writes it again from the journal`);
    }
  }

  #path(batchIndex: number): string {
    return join(this.#dir, `${String(batchIndex).padStart(12, '0')}.json`);
  }
}
