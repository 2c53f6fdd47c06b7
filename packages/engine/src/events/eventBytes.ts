import { type Address, assert, assertSafeInteger, type Side } from '@keel/types';

/**
 * The canonical bytes of events: one byte for the kind, then the fields in the order of `event.ts`. Integers are 8 bytes,
 * little-endian, two's complement; reject codes 2; words of a list, percents and truth 1; an address 20; texts and lists
 * stand behind their length in one byte, and what may be absent behind one byte that says so. So no event's bytes begin
 * another's, and two logs are the same events if and only if they are the same bytes.
 */
export interface EventBytes {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

/** More than the longest event has, or the longest item of a list in one: each asks for room anew. */
const EVENT_BYTES_MAX = 2_048;
const FIRST_BYTES = 64 * 1_024;
/** Exact: a power of two only moves the point. */
const HIGH_WORD = 2 ** -32;

/** Room for events; set `length` to 0 to use it again, it keeps its memory. */
export function createEventBytes(): EventBytes {
  const bytes = new Uint8Array(FIRST_BYTES);
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
}

/** Room for one event, or one item of a list in it. */
export function reserve(into: EventBytes): void {
  if (into.length + EVENT_BYTES_MAX > into.bytes.length) grow(into);
}

function grow(into: EventBytes): void {
  const grown = new Uint8Array(into.bytes.length * 2);
  grown.set(into.bytes);
  into.bytes = grown;
  into.view = new DataView(grown.buffer);
}

export function writeByte(into: EventBytes, value: number): void {
  into.bytes[into.length] = value;
  into.length += 1;
}

export function writeTruth(into: EventBytes, value: boolean): void {
  writeByte(into, value ? 1 : 0);
}

export function writeSide(into: EventBytes, side: Side): void {
  writeByte(into, side === 'buy' ? 1 : 2);
}

/** A reject code, or 0. */
export function writeCode(into: EventBytes, code: number): void {
  into.view.setUint16(into.length, code, true);
  into.length += 2;
}

export function writeInteger(into: EventBytes, value: number): void {
  const { view, length } = into;
  const low = value | 0;
  if (low === value) {
    view.setInt32(length, low, true);
    view.setInt32(length + 4, low >> 31, true);
  } else {
    assertSafeInteger(value, 'written value');
    view.setInt32(length, low, true);
    view.setInt32(length + 4, (value - (low >>> 0)) * HIGH_WORD, true);
  }
  into.length = length + 8;
}

/** Printable ASCII, at most 255 characters. */
export function writeText(into: EventBytes, text: string): void {
  const { length } = text;
  assert(length <= 255, 'a text of an event is too long');
  writeByte(into, length);
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    assert(code < 128, 'a text of an event is not plain');
    writeByte(into, code);
  }
}

/** The 20 bytes behind 0x and 40 lower-case digits. */
export function writeAddress(into: EventBytes, address: Address): void {
  assert(address.length === 42, 'an address of an event has another length');
  for (let at = 2; at < 42; at += 2) writeByte(into, (digit(address, at) << 4) | digit(address, at + 1));
}

function digit(address: Address, at: number): number {
  const code = address.charCodeAt(at);
  const value = code < 58 ? code - 48 : code - 87;
  assert(value >= 0 && value < 16, 'an address of an event has another digit');
  return value;
}
