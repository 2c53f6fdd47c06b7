import { assert, assertSafeInteger, divFloor } from '@keel/types';

const HIGH = 4_294_967_296;

/** Big-endian bytes of one kind of fact after another: the canonical form that snapshots and leaves share. */
export interface ByteWriter {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

export function createWriter(): ByteWriter {
  const bytes = new Uint8Array(1_024);
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
}

/** The bytes written so far, in a buffer of their own. */
export function written(writer: ByteWriter): Uint8Array {
  return writer.bytes.slice(0, writer.length);
}

export function writeU8(writer: ByteWriter, value: number): void {
  const at = reserve(writer, 1);
  assert(Number.isInteger(value) && value >= 0 && value <= 255, 'not a byte', value);
  writer.bytes[at] = value;
}

/** A safe integer in 8 bytes, two's complement. */
export function writeInt(writer: ByteWriter, value: number): void {
  assertSafeInteger(value, 'written value');
  const at = reserve(writer, 8);
  const high = divFloor(value, HIGH);
  writer.view.setInt32(at, high);
  writer.view.setUint32(at + 4, value - high * HIGH);
}

/** A sum over the whole exchange in 16 bytes, never below 0. */
export function writeSum(writer: ByteWriter, value: bigint): void {
  assert(value >= 0n && value < 1n << 127n, `sum out of range: ${value}`);
  const at = reserve(writer, 16);
  writer.view.setBigUint64(at, value >> 64n);
  writer.view.setBigUint64(at + 8, value & 0xffff_ffff_ffff_ffffn);
}

/** Printable ASCII behind its length in one byte. */
export function writeText(writer: ByteWriter, text: string): void {
  writeU8(writer, text.length);
  for (let i = 0; i < text.length; i += 1) writeU8(writer, text.charCodeAt(i));
}

/** The 20 bytes of an address. */
export function writeAddress(writer: ByteWriter, address: string): void {
  assert(address.length === 42 && address.startsWith('0x'), `not an address: ${address}`);
  for (let i = 2; i < 42; i += 2) writeU8(writer, Number.parseInt(address.slice(i, i + 2), 16));
}

function reserve(writer: ByteWriter, count: number): number {
  const at = writer.length;
  const needed = at + count;
  if (needed > writer.bytes.length) {
    const grown = new Uint8Array(Math.max(needed, writer.bytes.length * 2));
    grown.set(writer.bytes);
    writer.bytes = grown;
    writer.view = new DataView(grown.buffer);
  }
  writer.length = needed;
  return at;
}
