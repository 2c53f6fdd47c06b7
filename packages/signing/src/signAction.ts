import type { Hex } from '@keel/types';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { SignableAction } from './action.ts';
import { privateKeyBytes } from './addressOfKey.ts';
import type { KeelDomain } from './domain.ts';
import { hashAction } from './hashAction.ts';

/** 65 bytes r, s, v in the one spelling the exchange takes (low s, v 27 or 28). Deterministic (RFC 6979). */
export function signAction(domain: KeelDomain, action: SignableAction, privateKey: Hex): Hex {
  return signHash(hashAction(domain, action), privateKey);
}

/** The same over 32 bytes that are hashed already. */
export function signHash(hash: Uint8Array, privateKey: Hex): Hex {
  const options = { prehash: false, format: 'recovered', lowS: true } as const;
  const [recoveryBit, ...compact] = secp256k1.sign(hash, privateKeyBytes(privateKey), options);
  return `0x${bytesToHex(Uint8Array.from([...compact, 27 + (recoveryBit as number)]))}`;
}
