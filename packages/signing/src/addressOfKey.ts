import type { Address, Hex } from '@keel/types';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { addressOfPublicKey } from './addressOfPublicKey.ts';

/** The address whose private key (32 bytes) this is. Throws if it is none; the message never holds the key. */
export function addressOfKey(privateKey: Hex): Address {
  return addressOfPublicKey(secp256k1.getPublicKey(privateKeyBytes(privateKey), false));
}

/** Throws a fixed sentence, because an error that quotes a key ends up in a log. */
export function privateKeyBytes(privateKey: Hex): Uint8Array {
  if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) throw new TypeError('a private key is 0x and 64 hex digits');
  const bytes = hexToBytes(privateKey.slice(2));
  if (!secp256k1.utils.isValidSecretKey(bytes)) throw new TypeError('a private key lies between 1 and n - 1');
  return bytes;
}
