import { WireType } from '@bufbuild/protobuf/wire';
import { CodecError } from '../codecError.ts';

/** A byte order mark is a character like any other here. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Shorter texts of ASCII are read faster by hand. */
const BY_HAND_BYTES = 64;

/** Reads the wire format of a part of some bytes. Throws CodecError MALFORMED where it breaks off or is none. */
export class WordReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** Field number and wire type. Groups, which the words do not have, are refused. */
  tag(): readonly [number, WireType] {
    const tag = this.uint();
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (number < 1 || number > 0x1fff_ffff || ![0, 1, 2, 5].includes(type)) throw malformed(`a tag of ${tag}`);
    return [number, type];
  }

  /** Exact up to 2^53 - 1; above it some number above it. */
  uint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw malformed('a number of more than 10 bytes');
  }

  /** The same of a number that can be negative. */
  sint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value & 1n ? -(value >> 1n) - 1n : value >> 1n);
    }
    throw malformed('a number of more than 10 bytes');
  }

  fixed32(): number {
    return this.#byte() + this.#byte() * 0x100 + this.#byte() * 0x1_0000 + this.#byte() * 0x100_0000;
  }

  bytes(): Uint8Array {
    const [at, end] = this.#take(this.uint());
    return this.#bytes.subarray(at, end);
  }

  text(): string {
    const [at, end] = this.#take(this.uint());
    if (end - at > BY_HAND_BYTES) return decode(this.#bytes.subarray(at, end));
    let text = '';
    for (let index = at; index < end; index += 1) {
      const byte = this.#bytes[index] as number;
      if (byte >= 0x80) return decode(this.#bytes.subarray(at, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** The part that a length stands before. */
  part(): WordReader {
    const [at, end] = this.#take(this.uint());
    return new WordReader(this.#bytes, at, end);
  }

  skip(type: WireType): void {
    if (type === WireType.Varint) this.uint();
    else this.#take(type === WireType.Bit64 ? 8 : type === WireType.Bit32 ? 4 : this.uint());
  }

  #take(length: number): readonly [number, number] {
    const at = this.#at;
    if (length > this.#end - at) throw malformed('it ends early');
    this.#at = at + length;
    return [at, this.#at];
  }

  #byte(): number {
    if (this.#at >= this.#end) throw malformed('it ends early');
    const byte = this.#bytes[this.#at] as number;
    this.#at += 1;
    return byte;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed('a text that is not UTF-8');
  }
}

/** What the wire format does not allow. */
export function malformed(detail: string): CodecError {
  return new CodecError('MALFORMED', 'frame', detail);
}
