import type { Hex } from '@keel/types';

/** Bytes as lower-case hex with 0x. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}
