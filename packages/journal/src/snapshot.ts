import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { assert } from '@keel/types';
import type { Disk } from './disk.ts';
import { JournalFault, reasonOf } from './errors.ts';
import { nodeDisk } from './nodeDisk.ts';
import { HASH_BYTES, readUint64, writeUint64 } from './record.ts';
import { writeWhole } from './writeWhole.ts';

/**
 * Snapshot file, big-endian:
 *   0  8    "KEELSNAP"
 *   8  u32  version
 *  12  u64  sequence
 *  20  32   record hash
 *  52  32   state root
 *  84  u64  payload length
 *  92  32   SHA-256 of bytes 0 to 91 and the payload
 * 124       payload
 */
const HEADER_BYTES = 124;
const DIGEST_AT = 92;
const MAGIC = Buffer.from('KEELSNAP');
const VERSION = 1;
/** Kept, newest first: one may be damaged, and the one before it too. */
const SNAPSHOTS_KEPT = 3;
const NAME = /^[0-9]{16}\.snap$/;

/** The state after a sequence, and what it must agree with. */
export interface Snapshot {
  readonly sequence: number;
  /** 32 bytes: hash of the journal record of that sequence. */
  readonly recordHash: Uint8Array;
  /** 32 bytes. */
  readonly stateRoot: Uint8Array;
  readonly payload: Uint8Array;
}

export interface NewestSnapshot {
  /** Undefined = there is no good one. */
  readonly snapshot: Snapshot | undefined;
  /** A sentence for each newer one that is damaged. */
  readonly notices: readonly string[];
}

function snapshotsFolder(dir: string): string {
  return join(dir, 'snapshots');
}

/**
 * Writes a snapshot beside the journal so that after a crash it is there whole or not at all, then removes all but the
 * newest three. One at a time. Throws JournalFault, having removed the half file: the journal does not need snapshots.
 */
export async function writeSnapshot(dir: string, snapshot: Snapshot, disk: Disk = nodeDisk): Promise<void> {
  assert(snapshot.recordHash.length === HASH_BYTES, 'record hash of a snapshot is not 32 bytes');
  assert(snapshot.stateRoot.length === HASH_BYTES, 'state root of a snapshot is not 32 bytes');
  const folder = snapshotsFolder(dir);
  const file = join(folder, `${String(snapshot.sequence).padStart(16, '0')}.snap`);
  try {
    disk.makeFolder(folder);
    await disk.syncFolder(dir);
    await removeHalves(disk, folder);
    await writeWhole(disk, folder, file, [encodeHeader(snapshot), snapshot.payload]);
    await removeOld(disk, folder);
  } catch (error) {
    throw new JournalFault(`the snapshot ${file} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}

/** The newest snapshot whose every byte is as it was written; damaged ones are passed over with a notice. */
export async function newestSnapshot(dir: string, disk: Disk = nodeDisk): Promise<NewestSnapshot> {
  const folder = snapshotsFolder(dir);
  const notices: string[] = [];
  for (const name of listNewestFirst(disk, folder)) {
    const file = join(folder, name);
    const snapshot = await readSnapshotFile(file, disk);
    if (typeof snapshot !== 'string') return { snapshot, notices };
    notices.push(`passed over the snapshot ${file}: ${snapshot}`);
  }
  return { snapshot: undefined, notices };
}

/** One snapshot file, or what is wrong with it. Rejects when it cannot be read. */
export async function readSnapshotFile(file: string, disk: Disk = nodeDisk): Promise<Snapshot | string> {
  return parseSnapshot(await disk.readFile(file));
}

function encodeHeader(snapshot: Snapshot): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(VERSION, 8);
  writeUint64(header, snapshot.sequence, 12);
  header.set(snapshot.recordHash, 20);
  header.set(snapshot.stateRoot, 52);
  writeUint64(header, snapshot.payload.length, 84);
  header.set(digest(header, snapshot.payload), DIGEST_AT);
  return header;
}

/** The bytes of a snapshot file, or what is wrong with them. */
export function parseSnapshot(bytes: Buffer): Snapshot | string {
  if (bytes.length < HEADER_BYTES) return 'it is cut short';
  if (!bytes.subarray(0, 8).equals(MAGIC)) return 'it is no snapshot';
  if (bytes.readUInt32BE(8) !== VERSION) return `version ${bytes.readUInt32BE(8)} is not known`;
  const payload = bytes.subarray(HEADER_BYTES);
  if (readUint64(bytes, 84) !== payload.length) return 'its length is not what it says';
  if (Buffer.compare(bytes.subarray(DIGEST_AT, HEADER_BYTES), digest(bytes, payload)) !== 0)
    return 'its digest does not match';
  return {
    sequence: readUint64(bytes, 12),
    recordHash: bytes.subarray(20, 20 + HASH_BYTES),
    stateRoot: bytes.subarray(52, 52 + HASH_BYTES),
    payload,
  };
}

function digest(header: Buffer, payload: Uint8Array): Buffer {
  return createHash('sha256').update(header.subarray(0, DIGEST_AT)).update(payload).digest();
}

function listNewestFirst(disk: Disk, folder: string): string[] {
  return disk
    .list(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
}

async function removeOld(disk: Disk, folder: string): Promise<void> {
  for (const name of listNewestFirst(disk, folder).slice(SNAPSHOTS_KEPT)) await disk.unlink(join(folder, name));
}

/** What a crash left behind; first of all, because a full disk may need just this room. */
async function removeHalves(disk: Disk, folder: string): Promise<void> {
  for (const name of disk.list(folder)) if (name.endsWith('.tmp')) await disk.unlink(join(folder, name));
}
