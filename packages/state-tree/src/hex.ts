import { assert, type Hex } from '@keel/types';

const HEX = /^0x(?:[0-9a-f]{2})*$/;

export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/** Lower-case hex of exactly `length` bytes; anything else is a fault of ours. */
export function fromHex(hex: Hex, length: number): Uint8Array {
  assert(HEX.test(hex) && hex.length === 2 + 2 * length, `not ${length} bytes of lower-case hex: ${hex}`);
  return Buffer.from(hex.slice(2), 'hex');
}
