import { hash } from 'node:crypto';
import { crc32c } from './crc32c.ts';

/**
 * One record, big-endian:
 *   0  u32  payload length
 *   4  u32  CRC-32C over the journal's salt, the length and everything from byte 8
 *   8  u8   1 = first of a group that was flushed together, else 0
 *   9  32   hash of the record before
 *  41  u64  sequence
 *  49       payload
 * Previous hash, sequence and payload lie side by side because their SHA-256 is the record's hash.
 */
export const RECORD_HEADER_BYTES = 49;
const CRC_AT = 4;
const GROUP_START_AT = 8;
const PREVIOUS_HASH_AT = 9;
const SEQUENCE_AT = 41;
export const HASH_BYTES = 32;
/** Far above any command, far below what a damaged length could ask to be read. */
export const PAYLOAD_BYTES_MAX = 1024 * 1024;
/** The chain begins with this. */
export const ZERO_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

/** A record as it lies in a segment; `payload` and `previousHash` are views of the segment's bytes. */
export interface RawRecord {
  readonly sequence: number;
  readonly startsGroup: boolean;
  readonly previousHash: Uint8Array;
  readonly payload: Uint8Array;
  /** First byte behind it. */
  readonly end: number;
}

/** Writes a record at `at` of a buffer with room for it and returns the record's hash. */
export function writeRecord(buffer: Buffer, at: number, record: Omit<RawRecord, 'end'>, saltCrc: number): Uint8Array {
  const end = at + RECORD_HEADER_BYTES + record.payload.length;
  buffer.writeUInt32BE(record.payload.length, at);
  buffer[at + GROUP_START_AT] = record.startsGroup ? 1 : 0;
  buffer.set(record.previousHash, at + PREVIOUS_HASH_AT);
  writeUint64(buffer, record.sequence, at + SEQUENCE_AT);
  buffer.set(record.payload, at + RECORD_HEADER_BYTES);
  buffer.writeUInt32BE(recordCrc(buffer, at, end, saltCrc), at + CRC_AT);
  return hashRecord(buffer, at, end);
}

/** The record at `at`, undefined if the bytes there are not a whole one with a good checksum. */
export function parseRecord(bytes: Buffer, at: number, saltCrc: number): RawRecord | undefined {
  if (at + RECORD_HEADER_BYTES > bytes.length) return undefined;
  const length = bytes.readUInt32BE(at);
  const end = at + RECORD_HEADER_BYTES + length;
  if (length > PAYLOAD_BYTES_MAX || end > bytes.length) return undefined;
  if (bytes.readUInt32BE(at + CRC_AT) !== recordCrc(bytes, at, end, saltCrc)) return undefined;
  return {
    sequence: recordSequence(bytes, at),
    startsGroup: bytes[at + GROUP_START_AT] === 1,
    previousHash: bytes.subarray(at + PREVIOUS_HASH_AT, at + SEQUENCE_AT),
    payload: bytes.subarray(at + RECORD_HEADER_BYTES, end),
    end,
  };
}

/** SHA-256 of previous hash, sequence and payload of the record in bytes[at, end). */
export function hashRecord(bytes: Buffer, at: number, end: number): Uint8Array {
  return hash('sha256', bytes.subarray(at + PREVIOUS_HASH_AT, end), 'buffer');
}

/** The hash that a record has or will have: SHA-256 of previous hash, sequence (u64, big-endian) and payload. */
export function recordHashOf(previousHash: Uint8Array, sequence: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(HASH_BYTES + 8 + payload.length);
  bytes.set(previousHash, 0);
  writeUint64(bytes, sequence, HASH_BYTES);
  bytes.set(payload, HASH_BYTES + 8);
  return hash('sha256', bytes, 'buffer');
}

/** The sequence that the bytes at `at` would have if a record began there. */
export function recordSequence(bytes: Buffer, at: number): number {
  return readUint64(bytes, at + SEQUENCE_AT);
}

export function writeUint64(buffer: Buffer, value: number, at: number): void {
  buffer.writeBigUInt64BE(BigInt(value), at);
}

/** A uint64 as a number; above 2^53 inexact, which no check of ours takes for a good value. */
export function readUint64(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

function recordCrc(bytes: Uint8Array, at: number, end: number, saltCrc: number): number {
  return crc32c(bytes, at + GROUP_START_AT, end, crc32c(bytes, at, at + CRC_AT, saltCrc));
}
