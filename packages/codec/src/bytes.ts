import { type Address, AssertionError, type Hex } from '@keel/types';
import { CodecError } from './codecError.ts';

export const ADDRESS_BYTES = 20;
export const HASH_BYTES = 32;
export const SIGNATURE_BYTES = 65;

/** Hex with 0x as bytes. Wrong length, prefix or digits are a fault of ours. */
export function hexToBytes(hex: Hex, length: number, field: string): Uint8Array {
  if (hex.length !== 2 + 2 * length || hex.charCodeAt(0) !== 48 || hex.charCodeAt(1) !== 120)
    throw new AssertionError(`${field} is not ${length} bytes of hex: ${hex}`);
  // Upper case would come back as lower case: a live engine and its replay would hold two texts for one address.
  if (hex !== hex.toLowerCase()) throw new AssertionError(`${field} is not in lower case: ${hex}`);
  const bytes = Buffer.allocUnsafe(length);
  // A digit that is none ends `write` early.
  if (bytes.write(hex.slice(2), 'hex') !== length) throw new AssertionError(`${field} is not hex: ${hex}`);
  return bytes;
}

/** Bytes of a known length as lower-case hex with 0x. Throws CodecError WRONG_LENGTH. */
export function bytesToHex(bytes: Uint8Array, length: number, field: string): Hex {
  if (bytes.length !== length)
    throw new CodecError('WRONG_LENGTH', field, `${bytes.length} bytes where ${length} belong`);
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`;
}

export function addressToBytes(address: Address, field: string): Uint8Array {
  return hexToBytes(address, ADDRESS_BYTES, field);
}

export function bytesToAddress(bytes: Uint8Array, field: string): Address {
  return bytesToHex(bytes, ADDRESS_BYTES, field);
}
