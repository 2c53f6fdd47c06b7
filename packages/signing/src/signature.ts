import { hexToBytes } from '@noble/hashes/utils.js';

/**
 * Why 65 bytes name no signer. Stable codes; where several apply, the first one here is the answer, so that two
 * implementations of recovery can be held to the same verdict.
 */
export type SignatureFault =
  /** Not 0x and 65 bytes of hex. */
  | 'signatureMalformed'
  /** v is not 27 or 28. */
  | 'signatureVUnsupported'
  /** r is zero or not below the order of the curve. */
  | 'signatureROutOfRange'
  /** s is zero or not below the order of the curve. */
  | 'signatureSOutOfRange'
  /** s is in the upper half: the same signature in its other spelling. */
  | 'signatureSHigh'
  /** No point of the curve has this r, or the key would be the point at infinity. */
  | 'signatureUnrecoverable';

/** A signature that passed every check short of curve arithmetic. */
export interface Signature {
  /** r and s, 32 bytes each. */
  readonly compact: Uint8Array;
  /** 0 or 1: parity of the y of r's point. */
  readonly recoveryBit: 0 | 1;
}

const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;
const ORDER = hexToBytes('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141');
const HALF_ORDER = hexToBytes('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0');

/** Reads r, s, v and refuses every spelling but one. */
export function parseSignature(text: string): Signature | SignatureFault {
  if (!SIGNATURE.test(text)) return 'signatureMalformed';
  const bytes = hexToBytes(text.slice(2));
  const v = bytes[64];
  if (v !== 27 && v !== 28) return 'signatureVUnsupported';
  const compact = bytes.subarray(0, 64);
  const r = bytes.subarray(0, 32);
  const s = bytes.subarray(32, 64);
  if (isZero(r) || compare(r, ORDER) >= 0) return 'signatureROutOfRange';
  if (isZero(s) || compare(s, ORDER) >= 0) return 'signatureSOutOfRange';
  if (compare(s, HALF_ORDER) > 0) return 'signatureSHigh';
  return { compact, recoveryBit: v === 27 ? 0 : 1 };
}

/** True of a fault, false of an address: every address starts with 0x. */
export function isSignatureFault(verdict: string): verdict is SignatureFault {
  return !verdict.startsWith('0x');
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Both big-endian and of one length: < 0, 0 or > 0. */
function compare(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < left.length; index += 1) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
