import { assert } from '@keel/types';

/**
 * What a snapshot's payload holds: u32 length of the engine's own bytes (big-endian), these bytes, then what the sequencer
 * keeps beside them. Whoever wants the state alone need not know the rest. The file's checksum covers both.
 */
export interface SnapshotPayload {
  readonly engine: Uint8Array;
  readonly rest: Uint8Array;
}

const LENGTH_BYTES = 4;

export function joinSnapshotPayload({ engine, rest }: SnapshotPayload): Uint8Array {
  const payload = Buffer.alloc(LENGTH_BYTES + engine.length + rest.length);
  payload.writeUInt32BE(engine.length, 0);
  payload.set(engine, LENGTH_BYTES);
  payload.set(rest, LENGTH_BYTES + engine.length);
  return payload;
}

/**
 * The two parts, as views of the payload.
 * @throws AssertionError when the payload is shorter than it says.
 */
export function splitSnapshotPayload(bytes: Uint8Array): SnapshotPayload {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert(payload.length >= LENGTH_BYTES, 'a snapshot without a length');
  const end = LENGTH_BYTES + payload.readUInt32BE(0);
  assert(end <= payload.length, 'a snapshot shorter than it says');
  return { engine: payload.subarray(LENGTH_BYTES, end), rest: payload.subarray(end) };
}
