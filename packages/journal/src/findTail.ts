import { crc32c } from './crc32c.ts';
import { JournalCorrupt } from './errors.ts';
import { hashRecord, parseRecord, type RawRecord, RECORD_HEADER_BYTES, recordSequence } from './record.ts';
import { SEGMENT_HEADER_BYTES, type Segment } from './segment.ts';

/** What a disk writes whole or not at all, at least. */
const SECTOR_BYTES = 512;
/** Of the payload, in front of each record; no payload is empty. */
const LENGTH_BYTES = 4;

/** Where the good part of the last segment ends. */
export interface Tail {
  /** First byte behind the last good record. */
  readonly end: number;
  /** Where the last group begins, or what is left of it; the end of the header if there is none. */
  readonly groupStart: number;
  readonly lastSequence: number;
  readonly lastHash: Uint8Array;
}

/**
 * Reads the last segment to the end of its good part. What lies behind that is a torn tail, which the caller may cut
 * off, only if it can be the rest of one unfinished flush; else the disk has changed what was acked.
 * Throws JournalCorrupt.
 */
export function findTail(segment: Segment, bytes: Buffer): Tail {
  const saltCrc = crc32c(segment.salt);
  let end = SEGMENT_HEADER_BYTES;
  let groupStart = end;
  let lastSequence = segment.firstSequence - 1;
  let lastHash = segment.previousHash;
  for (;;) {
    const record = parseRecord(bytes, end, saltCrc);
    if (record === undefined) break;
    checkLink(segment.file, end, record, lastSequence, lastHash);
    if (record.startsGroup) groupStart = end;
    lastSequence = record.sequence;
    lastHash = hashRecord(bytes, end, record.end);
    end = record.end;
  }
  if (end < bytes.length) assertTorn(segment.file, bytes, end, lastSequence, saltCrc);
  return { end, groupStart, lastSequence, lastHash };
}

/** A record with a good checksum that does not continue the chain was put there by something else than a crash. */
export function checkLink(
  file: string,
  at: number,
  record: RawRecord,
  lastSequence: number,
  lastHash: Uint8Array,
): void {
  if (record.sequence !== lastSequence + 1)
    throw new JournalCorrupt(file, at, `sequence ${record.sequence} follows ${lastSequence}`);
  if (Buffer.compare(record.previousHash, lastHash) !== 0)
    throw new JournalCorrupt(file, at, `sequence ${record.sequence} does not continue the hash chain`);
}

/**
 * A bad record may be cut off with all that follows if nothing whole follows. If a later group follows, the flush of
 * the bad one had returned. If records of its own group follow, a power loss can have written later sectors of the flush
 * and not earlier ones; those then read as they were before, as zeros, which damage to a written record does not.
 */
function assertTorn(file: string, bytes: Buffer, bad: number, lastSequence: number, saltCrc: number): void {
  const sequenceMax = lastSequence + 1 + (bytes.length - bad) / RECORD_HEADER_BYTES;
  let hole: boolean | undefined;
  for (let at = bad + 1; at + RECORD_HEADER_BYTES <= bytes.length; at++) {
    // Nearly every byte is ruled out here, so that the checksum is not reckoned from each of them.
    const sequence = recordSequence(bytes, at);
    if (sequence <= lastSequence || sequence > sequenceMax) continue;
    const record = parseRecord(bytes, at, saltCrc);
    if (record === undefined) continue;
    const adjoins = sequence === lastSequence + 2;
    hole ??= startIsUnwritten(bytes, bad, adjoins ? at : undefined) || hasZeroSector(bytes, bad, at + LENGTH_BYTES - 1);
    if (record.startsGroup || !hole)
      throw new JournalCorrupt(file, bad, `a bad record before the good one of sequence ${record.sequence}`);
    at = record.end - 1;
  }
}

/**
 * Whether the sector in which a bad record begins is still the one of the flush before: zeros from the record's first
 * byte on, where something else was to be written. Up to three bytes may rightly be zeros, those of its length; whether
 * they are is known from its `end`, if that is known.
 */
function startIsUnwritten(bytes: Buffer, bad: number, end: number | undefined): boolean {
  const zeros = Math.min(bytes.length, Math.ceil(bad / SECTOR_BYTES) * SECTOR_BYTES) - bad;
  if (zeros === 0 || bytes.subarray(bad, bad + zeros).some((byte) => byte !== 0)) return false;
  if (zeros >= LENGTH_BYTES) return true;
  const length = end === undefined ? 0 : end - bad - RECORD_HEADER_BYTES;
  return length >= 2 ** (8 * (LENGTH_BYTES - zeros));
}

/** A good record's length may itself begin with the last zeros of a sector that was not written. */
function hasZeroSector(bytes: Buffer, start: number, end: number): boolean {
  const first = Math.ceil(start / SECTOR_BYTES) * SECTOR_BYTES;
  for (let at = first; at + SECTOR_BYTES <= end; at += SECTOR_BYTES)
    if (bytes.subarray(at, at + SECTOR_BYTES).every((byte) => byte === 0)) return true;
  return false;
}
