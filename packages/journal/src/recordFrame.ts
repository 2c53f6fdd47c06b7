import { JournalCorrupt } from './errors.ts';
import type { JournalRecord } from './readRecords.ts';
import { HASH_BYTES, PAYLOAD_BYTES_MAX, readUint64, recordHashOf, writeUint64 } from './record.ts';

/** Payload length (u32), sequence (u64), hash of the record before (32); then the payload. All big-endian. */
const FRAME_HEADER_BYTES = 4 + 8 + HASH_BYTES;

/** A record as one node sends it to another. */
export function writeRecordFrame(sequence: number, previousHash: Uint8Array, payload: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length, 0);
  writeUint64(frame, sequence, 4);
  frame.set(previousHash, 12);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

/** Frames for records that follow each other; `previousHash` is of the record before the first. */
export function* writeRecordFrames(records: Iterable<JournalRecord>, previousHash: Uint8Array): Generator<Uint8Array> {
  let before = previousHash;
  for (const { sequence, payload, recordHash } of records) {
    yield writeRecordFrame(sequence, before, payload);
    before = recordHash;
  }
}

/**
 * The records of a stream of frames, cut in any way. Each continues the one before; the caller holds the first one to
 * what it has itself. Throws JournalCorrupt (its file is `from`) for anything else, a half frame at the end included.
 */
export async function* readRecordFrames(
  chunks: AsyncIterable<Uint8Array>,
  from: string,
): AsyncGenerator<ReceivedRecord> {
  let rest = Buffer.alloc(0);
  let at = 0;
  let lastHash: Uint8Array | undefined;
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let used = 0;
    for (;;) {
      const length = rest.length - used < FRAME_HEADER_BYTES ? undefined : rest.readUInt32BE(used);
      if (length !== undefined && length > PAYLOAD_BYTES_MAX)
        throw new JournalCorrupt(from, at + used, 'too long a record');
      const end = used + FRAME_HEADER_BYTES + (length ?? 0);
      if (length === undefined || end > rest.length) break;
      const record = recordOf(rest.subarray(used, end));
      if (lastHash !== undefined && Buffer.compare(lastHash, record.previousHash) !== 0)
        throw new JournalCorrupt(from, at + used, `command ${record.sequence} does not continue the one before`);
      lastHash = record.recordHash;
      yield record;
      used = end;
    }
    rest = rest.subarray(used);
    at += used;
  }
  if (rest.length > 0) throw new JournalCorrupt(from, at, 'the stream ends within a record');
}

/** A record that came from another node. */
export interface ReceivedRecord extends JournalRecord {
  /** 32 bytes. */
  readonly previousHash: Uint8Array;
}

function recordOf(frame: Buffer): ReceivedRecord {
  const sequence = readUint64(frame, 4);
  const previousHash = frame.subarray(12, FRAME_HEADER_BYTES);
  const payload = frame.subarray(FRAME_HEADER_BYTES);
  return { sequence, previousHash, payload, recordHash: recordHashOf(previousHash, sequence, payload) };
}
