import { assert } from '@keel/types';
import type { Disk } from './disk.ts';
import { JournalCorrupt } from './errors.ts';
import { nodeDisk } from './nodeDisk.ts';
import { type JournalRecord, type ReadableSegment, readRecords } from './readRecords.ts';
import { listSegmentFiles, readSegmentHeader, type Segment, segmentsFolder } from './segment.ts';

export interface ReadJournalOptions {
  /** This machine's unless told. */
  readonly disk?: Disk;
  /** Record hash that the first record must continue, as a snapshot has it. */
  readonly previousHash?: Uint8Array;
}

/**
 * The records from one sequence to another, both included, without the lock and without a change to anything: the
 * journal may be open elsewhere and be appended to meanwhile. `toSequence` must be durable before the call; what lies
 * behind it, an unfinished flush or a segment that is only begun, is not looked at. One segment is in memory at a time.
 * Throws JournalCorrupt for damage and where the journal ends before `toSequence`.
 */
export function* readJournal(
  dir: string,
  fromSequence: number,
  toSequence: number,
  options: ReadJournalOptions = {},
): Generator<JournalRecord> {
  assert(Number.isSafeInteger(fromSequence) && fromSequence >= 1, `read from ${fromSequence}`);
  if (toSequence < fromSequence) return;
  const disk = options.disk ?? nodeDisk;
  const segments = readable(disk, dir, fromSequence, toSequence);
  for (const record of readRecords(disk, segments, fromSequence, options.previousHash)) {
    yield record;
    if (record.sequence === toSequence) return;
  }
  throw new JournalCorrupt(segmentsFolder(dir), 0, `the log ends before ${toSequence}, which was on stable storage`);
}

function* readable(disk: Disk, dir: string, from: number, to: number): Generator<ReadableSegment> {
  const segments = headersUpTo(disk, dir, to);
  for (const [place, segment] of segments.entries()) {
    const next = segments[place + 1];
    if (next !== undefined && next.firstSequence <= from) continue;
    yield { ...segment, bytes: disk.size(segment.file) };
  }
}

/** Segments that begin at or before a sequence; of the others not even the header need be there. */
function headersUpTo(disk: Disk, dir: string, to: number): Segment[] {
  const segments: Segment[] = [];
  for (const file of listSegmentFiles(disk, dir)) {
    if (Number(file.slice(-20, -4)) > to) break;
    const segment = readSegmentHeader(disk, file);
    if (typeof segment === 'string') throw new JournalCorrupt(file, 0, segment);
    const first = segments[0] ?? segment;
    if (Buffer.compare(segment.salt, first.salt) !== 0)
      throw new JournalCorrupt(file, 0, 'the segment belongs to another journal');
    segments.push(segment);
  }
  return segments;
}
