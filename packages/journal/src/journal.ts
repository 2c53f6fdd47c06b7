import { assert } from '@keel/types';
import { crc32c } from './crc32c.ts';
import type { Disk, DiskFile } from './disk.ts';
import { JournalCorrupt, JournalFault, reasonOf } from './errors.ts';
import { type JournalRecord, type ReadableSegment, readRecords } from './readRecords.ts';
import { PAYLOAD_BYTES_MAX, RECORD_HEADER_BYTES, writeRecord } from './record.ts';
import { createSegment, SEGMENT_HEADER_BYTES, type Segment, segmentFile, segmentsFolder } from './segment.ts';

/** Most that may wait for one flush; a caller that appends without flushing is a fault of ours. */
const GROUP_BYTES_MAX = 64 * 1024 * 1024;
const GROUP_BYTES_FIRST = 256 * 1024;

/** What opening found; see `openJournal`. */
export interface JournalState {
  readonly disk: Disk;
  readonly dir: string;
  readonly segmentBytesMax: number;
  readonly salt: Uint8Array;
  /** In order; the last one is written to. */
  readonly segments: Segment[];
  /** Of the last segment, open for writing; undefined if there is none. */
  readonly handle: DiskFile | undefined;
  /** Good bytes of the last segment. */
  readonly end: number;
  readonly lastSequence: number;
  readonly lastHash: Uint8Array;
  readonly notices: readonly string[];
  readonly unlock: () => void;
}

/** The command log of one node: appends go to a buffer, a flush makes them durable all at once. */
export class Journal {
  /** What recovery did at opening, a sentence each: a cut torn tail, a removed empty segment. */
  readonly notices: readonly string[];
  readonly #disk: Disk;
  readonly #dir: string;
  readonly #segmentBytesMax: number;
  readonly #salt: Uint8Array;
  readonly #saltCrc: number;
  readonly #segments: Segment[];
  readonly #unlock: () => void;
  #handle: DiskFile | undefined;
  #end: number;
  #durableSequence: number;
  #lastSequence: number;
  #lastHash: Uint8Array;
  /** Records since the last flush began, and the buffer that the flush before used. */
  #group: Buffer = Buffer.allocUnsafe(GROUP_BYTES_FIRST);
  #spare: Buffer = Buffer.allocUnsafe(GROUP_BYTES_FIRST);
  #groupBytes = 0;
  #groupPreviousHash: Uint8Array;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #fault: JournalFault | undefined;
  #closed = false;

  constructor(state: JournalState) {
    this.notices = state.notices;
    this.#disk = state.disk;
    this.#dir = state.dir;
    this.#segmentBytesMax = state.segmentBytesMax;
    this.#salt = state.salt;
    this.#saltCrc = crc32c(state.salt);
    this.#segments = state.segments;
    this.#unlock = state.unlock;
    this.#handle = state.handle;
    this.#end = state.end;
    this.#durableSequence = state.lastSequence;
    this.#lastSequence = state.lastSequence;
    this.#lastHash = state.lastHash;
    this.#groupPreviousHash = state.lastHash;
  }

  /** Of the last appended record, flushed or not; 0 = none yet. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** 32 bytes, of the last appended record; zeros = none yet. */
  get lastHash(): Uint8Array {
    return this.#lastHash;
  }

  /** Of the last record that is on stable storage. */
  get durableSequence(): number {
    return this.#durableSequence;
  }

  /**
   * Buffers a record and returns its hash: SHA-256 of previous hash, sequence (u64, big-endian) and payload. The
   * payload is copied. Sequences follow each other without gaps. Not durable before a later `flush` has resolved.
   */
  append(sequence: number, payload: Uint8Array): Uint8Array {
    if (this.#fault !== undefined) throw this.#fault;
    assert(!this.#closed, 'append to a closed journal');
    assert(sequence === this.#lastSequence + 1, `append of ${sequence} after ${this.#lastSequence}`);
    assert(payload.length <= PAYLOAD_BYTES_MAX, `payload of ${payload.length} bytes`);
    this.#reserve(RECORD_HEADER_BYTES + payload.length);
    const startsGroup = this.#groupBytes === 0;
    const previousHash = this.#lastHash;
    if (startsGroup) this.#groupPreviousHash = previousHash;
    const record = { sequence, startsGroup, previousHash, payload };
    this.#lastHash = writeRecord(this.#group, this.#groupBytes, record, this.#saltCrc);
    this.#groupBytes += RECORD_HEADER_BYTES + payload.length;
    this.#lastSequence = sequence;
    return this.#lastHash;
  }

  /**
   * Resolves when all that was appended before the call is on stable storage: one write and one fdatasync for all of
   * it. Calls while a flush runs share the next one. Rejects with JournalFault, then and ever after; never retries,
   * because after a failed fsync the system may have dropped the pages and would call the next one good.
   */
  flush(): Promise<void> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#begin();
    this.#next = this.#running.then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  /**
   * The durable records from a sequence on. `previousHash` (a snapshot's record hash) is checked against the first.
   * Throws JournalCorrupt when it meets damage.
   */
  *read(fromSequence: number, previousHash?: Uint8Array): Generator<JournalRecord> {
    assert(Number.isSafeInteger(fromSequence) && fromSequence >= 1, `read from ${fromSequence}`);
    const atEnd = fromSequence === this.#lastSequence + 1;
    if (atEnd && previousHash !== undefined && Buffer.compare(previousHash, this.#lastHash) !== 0)
      throw new JournalCorrupt(this.#file, this.#end, `sequence ${this.#lastSequence} has another hash than expected`);
    yield* readRecords(this.#disk, this.#readable(fromSequence), fromSequence, previousHash);
  }

  /** Hashes of the durable records from first to last, both included. Throws JournalCorrupt. */
  recordHashes(firstSequence: number, lastSequence: number): Uint8Array[] {
    assert(lastSequence <= this.#durableSequence, `${lastSequence} is above ${this.#durableSequence}`);
    const hashes: Uint8Array[] = [];
    for (const { sequence, recordHash } of this.read(firstSequence)) {
      if (sequence > lastSequence) break;
      hashes.push(recordHash);
    }
    return hashes;
  }

  /** Flushes, closes the file and gives the directory back, the last two also after a fault. */
  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      if (this.#fault === undefined) await this.flush();
    } finally {
      this.#closed = true;
      await this.#handle?.close();
      this.#unlock();
    }
  }

  /** The file that is written to. */
  get #file(): string {
    return this.#segments.at(-1)?.file ?? this.#dir;
  }

  #reserve(bytes: number): void {
    const needed = this.#groupBytes + bytes;
    if (needed <= this.#group.length) return;
    assert(needed <= GROUP_BYTES_MAX, `${needed} bytes wait for a flush`);
    const larger = Buffer.allocUnsafe(Math.min(GROUP_BYTES_MAX, Math.max(needed, 2 * this.#group.length)));
    this.#group.copy(larger, 0, 0, this.#groupBytes);
    this.#group = larger;
  }

  #begin(): Promise<void> {
    const running = this.#writeGroup().finally(() => {
      this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #writeGroup(): Promise<void> {
    if (this.#groupBytes === 0) return;
    const group = this.#group;
    const bytes = this.#groupBytes;
    const lastSequence = this.#lastSequence;
    const previousHash = this.#groupPreviousHash;
    this.#group = this.#spare;
    this.#groupBytes = 0;
    try {
      if (this.#handle === undefined || this.#end >= this.#segmentBytesMax)
        await this.#roll(this.#durableSequence + 1, previousHash);
      await this.#write(group, bytes);
    } catch (error) {
      this.#fault = new JournalFault(`the journal cannot be written, ${this.#file}: ${reasonOf(error)}`, {
        cause: error,
      });
      throw this.#fault;
    }
    this.#spare = group;
    this.#durableSequence = lastSequence;
  }

  /** A group never straddles two segments, so that only the last segment can have a torn tail. */
  async #roll(firstSequence: number, previousHash: Uint8Array): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    const file = segmentFile(this.#dir, firstSequence);
    const header = { firstSequence, previousHash, salt: this.#salt };
    this.#handle = await createSegment(this.#disk, file, segmentsFolder(this.#dir), header);
    this.#segments.push({ ...header, file });
    this.#end = SEGMENT_HEADER_BYTES;
  }

  async #write(group: Buffer, bytes: number): Promise<void> {
    const handle = this.#handle;
    assert(handle !== undefined, 'no segment to write to');
    await handle.write(group.subarray(0, bytes), this.#end);
    await handle.datasync();
    this.#end += bytes;
  }

  /** Segments that hold records from a sequence on; lazily, so that a long read sees what was flushed meanwhile. */
  *#readable(fromSequence: number): Generator<ReadableSegment> {
    for (let place = 0; place < this.#segments.length; place++) {
      const segment = this.#segments[place] as Segment;
      const next = this.#segments[place + 1];
      if (next !== undefined && next.firstSequence <= fromSequence) continue;
      const bytes = next === undefined ? this.#end : undefined;
      yield { ...segment, bytes: bytes ?? this.#disk.size(segment.file) };
    }
  }
}
