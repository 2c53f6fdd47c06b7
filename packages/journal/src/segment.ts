import { join } from 'node:path';
import { crc32c } from './crc32c.ts';
import type { Disk, DiskFile } from './disk.ts';
import { JournalCorrupt } from './errors.ts';
import { HASH_BYTES, readUint64, writeUint64 } from './record.ts';

/**
 * Segment header, big-endian:
 *   0  8    "KEELJRNL"
 *   8  u32  version
 *  12  u64  sequence of the first record
 *  20  32   hash of the record before it
 *  52  8    salt of the journal
 *  60  u32  CRC-32C of bytes 0 to 59
 */
export const SEGMENT_HEADER_BYTES = 64;
const MAGIC = Buffer.from('KEELJRNL');
const VERSION = 1;
export const SALT_BYTES = 8;

export interface SegmentHeader {
  readonly firstSequence: number;
  readonly previousHash: Uint8Array;
  readonly salt: Uint8Array;
}

/** A segment file and what its header says. */
export interface Segment extends SegmentHeader {
  readonly file: string;
}

export function segmentsFolder(dir: string): string {
  return join(dir, 'segments');
}

/** Sixteen digits hold every safe integer, so that names sort as sequences do. */
export function segmentFile(dir: string, firstSequence: number): string {
  return join(segmentsFolder(dir), `${String(firstSequence).padStart(16, '0')}.log`);
}

/** Segment files in order of their names. A file that is no segment is none of ours and refused. */
export function listSegmentFiles(disk: Disk, dir: string): string[] {
  const names = disk.list(segmentsFolder(dir)).sort();
  for (const name of names)
    if (!/^[0-9]{16}\.log$/.test(name))
      throw new JournalCorrupt(join(segmentsFolder(dir), name), 0, 'the name is not that of a segment');
  return names.map((name) => join(segmentsFolder(dir), name));
}

function encodeHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32BE(VERSION, 8);
  writeUint64(bytes, header.firstSequence, 12);
  bytes.set(header.previousHash, 20);
  bytes.set(header.salt, 52);
  bytes.writeUInt32BE(crc32c(bytes, 0, 60), 60);
  return bytes;
}

/** What is wrong with the header, or the header. */
function decodeHeader(bytes: Buffer): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'the header is cut short';
  if (bytes.readUInt32BE(60) !== crc32c(bytes, 0, 60)) return 'the checksum of the header is wrong';
  if (!bytes.subarray(0, 8).equals(MAGIC)) return 'this is no journal segment';
  if (bytes.readUInt32BE(8) !== VERSION) return `version ${bytes.readUInt32BE(8)} is not known`;
  return {
    firstSequence: readUint64(bytes, 12),
    previousHash: bytes.subarray(20, 20 + HASH_BYTES),
    salt: bytes.subarray(52, 52 + SALT_BYTES),
  };
}

/** The segment of a file, or a text that says what is wrong with its header. */
export function readSegmentHeader(disk: Disk, file: string): Segment | string {
  const header = decodeHeader(disk.read(file, 0, SEGMENT_HEADER_BYTES));
  if (typeof header === 'string') return header;
  return file.endsWith(`${String(header.firstSequence).padStart(16, '0')}.log`)
    ? { ...header, file }
    : `the header says sequence ${header.firstSequence}, the name another`;
}

/** Makes a new segment that is on stable storage, name and header, before any record goes into it. */
export async function createSegment(
  disk: Disk,
  path: string,
  folder: string,
  header: SegmentHeader,
): Promise<DiskFile> {
  const file = await disk.open(path, 'create');
  try {
    await file.write(encodeHeader(header), 0);
    await file.sync();
    await disk.syncFolder(folder);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
