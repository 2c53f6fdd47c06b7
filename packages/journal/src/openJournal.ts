import { randomBytes } from 'node:crypto';
import type { Disk } from './disk.ts';
import { JournalCorrupt, JournalFault, reasonOf } from './errors.ts';
import { findTail } from './findTail.ts';
import { Journal, type JournalState } from './journal.ts';
import { nodeDisk } from './nodeDisk.ts';
import { ZERO_HASH } from './record.ts';
import {
  listSegmentFiles,
  readSegmentHeader,
  SALT_BYTES,
  SEGMENT_HEADER_BYTES,
  type Segment,
  segmentsFolder,
} from './segment.ts';

export interface OpenJournalOptions {
  /** A segment of this size is followed by a new one; 64 MiB unless told. */
  readonly segmentBytesMax?: number;
  /** Known to have been durable, for example from a snapshot: a log that ends before it is damaged, not torn. */
  readonly knownSequence?: number;
  /** This machine's unless told. */
  readonly disk?: Disk;
  /** 8 bytes that no payload can know beforehand; random unless told. Used by an empty journal only. */
  readonly salt?: Uint8Array;
}

const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Opens the journal in a directory (made if absent) for this process alone. Checks every segment's header and all of
 * the last segment; `read` checks the rest. A torn tail is cut off and named in `notices`.
 * Throws JournalLocked, JournalCorrupt, or JournalFault when the directory cannot be used.
 */
export async function openJournal(dir: string, options: OpenJournalOptions = {}): Promise<Journal> {
  const disk = options.disk ?? nodeDisk;
  const unlock = prepare(disk, dir);
  try {
    return new Journal({ ...(await recover(disk, dir, options)), unlock });
  } catch (error) {
    unlock();
    if (error instanceof JournalCorrupt) throw error;
    throw new JournalFault(`the journal in ${dir} cannot be opened: ${reasonOf(error)}`, { cause: error });
  }
}

function prepare(disk: Disk, dir: string): () => void {
  try {
    disk.makeFolder(segmentsFolder(dir));
  } catch (error) {
    throw new JournalFault(`the journal in ${dir} cannot be made: ${reasonOf(error)}`, { cause: error });
  }
  return disk.lock(dir);
}

async function recover(disk: Disk, dir: string, options: OpenJournalOptions): Promise<Omit<JournalState, 'unlock'>> {
  const notices: string[] = [];
  const segments = await readHeaders(disk, dir, notices);
  const segmentBytesMax = options.segmentBytesMax ?? SEGMENT_BYTES_MAX;
  const last = segments.at(-1);
  if (last === undefined) {
    const salt = options.salt ?? randomBytes(SALT_BYTES);
    checkKnown(segmentsFolder(dir), 0, 0, options.knownSequence);
    await disk.syncFolder(dir);
    const empty = { handle: undefined, end: 0, lastSequence: 0, lastHash: ZERO_HASH };
    return { disk, dir, segmentBytesMax, salt, segments, notices, ...empty };
  }
  const bytes = disk.read(last.file, 0, disk.size(last.file));
  const tail = findTail(last, bytes);
  // A segment is begun only after the one before was flushed whole.
  if (tail.end < bytes.length && notices.length > 0)
    throw new JournalCorrupt(last.file, tail.end, 'a torn tail although a later segment was begun');
  checkKnown(last.file, tail.end, tail.lastSequence, options.knownSequence);
  const handle = await disk.open(last.file, 'existing');
  try {
    if (tail.end < bytes.length) {
      await handle.truncate(tail.end);
      const cut = bytes.length - tail.end;
      notices.push(`cut a torn tail of ${cut} bytes off ${last.file} after sequence ${tail.lastSequence}`);
    }
    // The process before may have written records without flushing them; they count from now on, so they must stay. After
    // a sync that failed the system may hold for clean what never came to the disk, and the next sync would pass it over:
    // what the last flush wrote is written once more.
    const from = tail.groupStart === SEGMENT_HEADER_BYTES ? 0 : tail.groupStart;
    await handle.write(bytes.subarray(from, tail.end), from);
    await handle.sync();
    await disk.syncFolder(segmentsFolder(dir));
  } catch (error) {
    await handle.close();
    throw error;
  }
  const salt = Buffer.from(last.salt);
  const { end, lastSequence, lastHash } = tail;
  return { disk, dir, segmentBytesMax, salt, segments, notices, handle, end, lastSequence, lastHash };
}

/** Every segment in order. One that was only begun is removed, which loses nothing: records come after the header. */
async function readHeaders(disk: Disk, dir: string, notices: string[]): Promise<Segment[]> {
  const files = listSegmentFiles(disk, dir);
  const segments: Segment[] = [];
  for (const [place, file] of files.entries()) {
    const segment = readSegmentHeader(disk, file);
    if (typeof segment !== 'string') segments.push(segment);
    else if (place === files.length - 1 && disk.size(file) <= SEGMENT_HEADER_BYTES) {
      await disk.unlink(file);
      await disk.syncFolder(segmentsFolder(dir));
      notices.push(`removed ${file}, which was begun and holds nothing: ${segment}`);
    } else throw new JournalCorrupt(file, 0, segment);
  }
  checkOrder(segments);
  return segments;
}

function checkOrder(segments: readonly Segment[]): void {
  const first = segments[0];
  if (first === undefined) return;
  if (first.firstSequence !== 1 || Buffer.compare(first.previousHash, ZERO_HASH) !== 0)
    throw new JournalCorrupt(first.file, 0, 'the first segment does not begin the chain');
  for (const segment of segments)
    if (Buffer.compare(segment.salt, first.salt) !== 0)
      throw new JournalCorrupt(segment.file, 0, 'the segment belongs to another journal');
}

function checkKnown(file: string, end: number, lastSequence: number, known = 0): void {
  if (lastSequence < known)
    throw new JournalCorrupt(file, end, `the log ends at ${lastSequence}, but ${known} was on stable storage`);
}
