import { createState, readSnapshot, writeSnapshot } from '@keel/engine';
import { assert, type Hex } from '@keel/types';
import { type ExchangeParts, type OpenBatch, ZERO_HASH } from './exchange.ts';
import { createHistory, readHistory, writeHistory } from './history.ts';

/**
 * A snapshot's payload: u32 length of the engine's own bytes (big-endian), these bytes, then UTF-8 JSON of what the
 * sequencer keeps beside them. The snapshot file's checksum covers both.
 */
const LENGTH_BYTES = 4;

interface SequencerJson {
  readonly sealedRoot: Hex;
  readonly recordHash: Hex;
  readonly openBatch: OpenBatch;
  /** JSON text of the history; see `writeHistory`. */
  readonly history: string;
}

export function writeSnapshotPayload(parts: ExchangeParts): Uint8Array {
  const engine = writeSnapshot(parts.state);
  const json: SequencerJson = {
    sealedRoot: parts.sealedRoot,
    recordHash: parts.recordHash,
    openBatch: parts.openBatch,
    history: writeHistory(parts.history),
  };
  const rest = Buffer.from(JSON.stringify(json), 'utf8');
  const payload = Buffer.alloc(LENGTH_BYTES + engine.length + rest.length);
  payload.writeUInt32BE(engine.length, 0);
  payload.set(engine, LENGTH_BYTES);
  payload.set(rest, LENGTH_BYTES + engine.length);
  return payload;
}

export function readSnapshotPayload(bytes: Uint8Array): ExchangeParts {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert(payload.length >= LENGTH_BYTES, 'a snapshot without a length');
  const end = LENGTH_BYTES + payload.readUInt32BE(0);
  assert(end <= payload.length, 'a snapshot shorter than it says');
  const state = readSnapshot(payload.subarray(LENGTH_BYTES, end));
  const json = JSON.parse(payload.toString('utf8', end)) as SequencerJson;
  const { openBatch, sealedRoot, recordHash } = json;
  return { state, history: readHistory(json.history), openBatch, sealedRoot, recordHash };
}

/** An exchange before its first command. */
export function emptyParts(): ExchangeParts {
  return {
    state: createState(),
    history: createHistory(),
    openBatch: { commandHashes: [], withdrawals: [] },
    sealedRoot: ZERO_HASH,
    recordHash: ZERO_HASH,
  };
}
