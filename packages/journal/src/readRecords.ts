import { crc32c } from './crc32c.ts';
import type { Disk } from './disk.ts';
import { JournalCorrupt } from './errors.ts';
import { checkLink } from './findTail.ts';
import { hashRecord, parseRecord, RECORD_HEADER_BYTES, recordSequence } from './record.ts';
import { SEGMENT_HEADER_BYTES, type Segment } from './segment.ts';

/** A record as its reader gets it. */
export interface JournalRecord {
  readonly sequence: number;
  /** A view of the segment's bytes, good for as long as it is held. */
  readonly payload: Uint8Array;
  /** 32 bytes. */
  readonly recordHash: Uint8Array;
}

/** A segment and how many of its bytes may be read. */
export interface ReadableSegment extends Segment {
  readonly bytes: number;
}

/**
 * The records from a sequence on, one segment in memory at a time. Every record given out has a good checksum and
 * continues the chain; `previousHash` (if given) is what the first one must continue. Throws JournalCorrupt.
 */
export function* readRecords(
  disk: Disk,
  segments: Iterable<ReadableSegment>,
  fromSequence: number,
  previousHash: Uint8Array | undefined,
): Generator<JournalRecord> {
  let next = fromSequence;
  let lastHash = previousHash;
  let before: Segment | undefined;
  for (const segment of segments) {
    if (before === undefined ? next < segment.firstSequence : next !== segment.firstSequence)
      throw new JournalCorrupt(segment.file, 0, `begins at ${segment.firstSequence} where ${next} belongs`);
    before = segment;
    if (lastHash === undefined && next === segment.firstSequence) lastHash = segment.previousHash;
    const bytes = disk.read(segment.file, 0, segment.bytes);
    if (bytes.length < segment.bytes) throw new JournalCorrupt(segment.file, bytes.length, 'the file is cut short');
    const saltCrc = crc32c(segment.salt);
    let at = next > segment.firstSequence ? skip(segment, bytes, next) : SEGMENT_HEADER_BYTES;
    while (at < bytes.length) {
      const record = parseRecord(bytes, at, saltCrc);
      if (record === undefined) throw new JournalCorrupt(segment.file, at, 'a bad record');
      checkLink(segment.file, at, record, next - 1, lastHash ?? record.previousHash);
      lastHash = hashRecord(bytes, at, record.end);
      yield { sequence: next, payload: record.payload, recordHash: lastHash };
      next++;
      at = record.end;
    }
  }
}

/** Where the record of a sequence begins, by going from length to length; only the records given out are checked in full. */
function skip(segment: Segment, bytes: Buffer, sequence: number): number {
  let at = SEGMENT_HEADER_BYTES;
  for (let passed = segment.firstSequence; passed < sequence && at < bytes.length; passed++) {
    const end = at + RECORD_HEADER_BYTES <= bytes.length ? at + RECORD_HEADER_BYTES + bytes.readUInt32BE(at) : Infinity;
    if (end > bytes.length || recordSequence(bytes, at) !== passed)
      throw new JournalCorrupt(segment.file, at, `a bad record where sequence ${passed} belongs`);
    at = end;
  }
  return at;
}
