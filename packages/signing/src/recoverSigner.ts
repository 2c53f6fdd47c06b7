import { type Address, assert } from '@keel/types';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { addressOfPublicKey } from './addressOfPublicKey.ts';
import { parseSignature, type SignatureFault } from './signature.ts';

/**
 * Who signed these 32 bytes. The reference: pure JavaScript, runs everywhere, a few hundred per second. A signature
 * that names nobody is the customer's mistake and comes back as a fault; a hash that is not 32 bytes is ours.
 */
export function recoverSigner(hash: Uint8Array, signature: string): Address | SignatureFault {
  assert(hash.length === 32, 'a hash has 32 bytes');
  const parsed = parseSignature(signature);
  if (typeof parsed === 'string') return parsed;
  const publicKey = recoverPublicKey(hash, parsed.compact, parsed.recoveryBit);
  return publicKey === undefined ? 'signatureUnrecoverable' : addressOfPublicKey(publicKey);
}

function recoverPublicKey(hash: Uint8Array, compact: Uint8Array, recoveryBit: 0 | 1): Uint8Array | undefined {
  try {
    const signature = secp256k1.Signature.fromBytes(compact, 'compact').addRecoveryBit(recoveryBit);
    return signature.recoverPublicKey(hash).toBytes(false);
  } catch {
    // Ranges are already checked, so only arithmetic is left to fail: r is no x of the curve, or the sum is infinity.
    return undefined;
  }
}
