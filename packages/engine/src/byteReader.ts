import { type Address, assert, assertSafeInteger } from '@keel/types';

const HIGH = 4_294_967_296;

/** Reads what `ByteWriter` wrote, in the same order. Bytes that do not fit are an assertion. */
export interface ByteReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

export function createReader(bytes: Uint8Array): ByteReader {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
}

export function readU8(reader: ByteReader): number {
  return reader.bytes[take(reader, 1)]!;
}

export function readInt(reader: ByteReader): number {
  const at = take(reader, 8);
  return assertSafeInteger(reader.view.getInt32(at) * HIGH + reader.view.getUint32(at + 4), 'read value');
}

export function readSum(reader: ByteReader): bigint {
  const at = take(reader, 16);
  return (reader.view.getBigUint64(at) << 64n) | reader.view.getBigUint64(at + 8);
}

export function readText(reader: ByteReader): string {
  const length = readU8(reader);
  let text = '';
  for (let i = 0; i < length; i += 1) text += String.fromCharCode(readU8(reader));
  return text;
}

export function readAddress(reader: ByteReader): Address {
  let digits = '';
  for (let i = 0; i < 20; i += 1) digits += readU8(reader).toString(16).padStart(2, '0');
  return `0x${digits}`;
}

/** Reads a list that was written behind its length. */
export function readList<Item>(reader: ByteReader, readItem: (reader: ByteReader) => Item): Item[] {
  const length = readInt(reader);
  assert(length >= 0 && length <= reader.bytes.length, `list of ${length} items`);
  const items: Item[] = [];
  for (let i = 0; i < length; i += 1) items.push(readItem(reader));
  return items;
}

export function assertAtEnd(reader: ByteReader): void {
  assert(reader.at === reader.bytes.length, `${reader.bytes.length - reader.at} bytes left over`);
}

function take(reader: ByteReader, count: number): number {
  const at = reader.at;
  assert(at + count <= reader.bytes.length, `bytes end at ${reader.bytes.length}, ${at + count} needed`);
  reader.at += count;
  return at;
}
