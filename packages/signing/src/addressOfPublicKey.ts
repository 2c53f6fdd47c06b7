import { type Address, assert } from '@keel/types';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const UNCOMPRESSED_BYTES = 65;

/** Last 20 bytes of keccak-256 over x and y of an uncompressed public key. */
export function addressOfPublicKey(publicKey: Uint8Array): Address {
  assert(publicKey.length === UNCOMPRESSED_BYTES && publicKey[0] === 4, 'not an uncompressed public key');
  return `0x${bytesToHex(keccak_256(publicKey.subarray(1)).subarray(12))}`;
}
