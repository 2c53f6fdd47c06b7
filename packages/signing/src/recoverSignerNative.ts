import { createRequire } from 'node:module';
import { type Address, assert } from '@keel/types';
import { addressOfPublicKey } from './addressOfPublicKey.ts';
import { parseSignature, type SignatureFault } from './signature.ts';

type Addon = Pick<typeof import('secp256k1'), 'ecdsaRecover'>;

// The package's main file silently falls back to a slow JavaScript curve; its bindings file is libsecp256k1 or nothing.
const addon = loadAddon();

/** Whether libsecp256k1 could be loaded on this machine. Where it is false, use `recoverSigner`. */
export const nativeRecoveryAvailable: boolean = addon !== undefined;

/**
 * As `recoverSigner`, with the same verdict on every input, by libsecp256k1: about twenty times as fast. Calling it
 * where `nativeRecoveryAvailable` is false is a fault of ours (asserted).
 */
export function recoverSignerNative(hash: Uint8Array, signature: string): Address | SignatureFault {
  assert(addon !== undefined, 'libsecp256k1 is not available on this machine');
  assert(hash.length === 32, 'a hash has 32 bytes');
  const parsed = parseSignature(signature);
  if (typeof parsed === 'string') return parsed;
  const publicKey = recoverPublicKey(addon, hash, parsed.compact, parsed.recoveryBit);
  return publicKey === undefined ? 'signatureUnrecoverable' : addressOfPublicKey(publicKey);
}

function recoverPublicKey(
  native: Addon,
  hash: Uint8Array,
  compact: Uint8Array,
  recoveryBit: 0 | 1,
): Uint8Array | undefined {
  try {
    return native.ecdsaRecover(compact, recoveryBit, hash, false);
  } catch {
    // Lengths and ranges are already checked, so what is left to fail is the arithmetic of an unlucky r or hash.
    return undefined;
  }
}

function loadAddon(): Addon | undefined {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings.js') as Addon;
  } catch {
    return undefined;
  }
}
