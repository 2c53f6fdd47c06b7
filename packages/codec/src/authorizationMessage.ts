import type { Authorization as AuthorizationMessage } from '@keel/proto/command';
import type { Authorization } from '@keel/types';
import { addressToBytes, bytesToAddress, bytesToHex, hexToBytes, SIGNATURE_BYTES } from './bytes.ts';
import { fromUint64, toUint64 } from './integers.ts';
import { known } from './message.ts';

export function authorizationToMessage(auth: Authorization): AuthorizationMessage {
  return {
    $typeName: 'keel.v1.Authorization',
    owner: addressToBytes(auth.owner, 'auth.owner'),
    signer: addressToBytes(auth.signer, 'auth.signer'),
    nonce: toUint64(auth.nonce, 'auth.nonce'),
    expiresAfterMs: toUint64(auth.expiresAfterMs, 'auth.expiresAfterMs'),
    subaccount: toUint64(auth.subaccount, 'auth.subaccount'),
    signature: hexToBytes(auth.signature, SIGNATURE_BYTES, 'auth.signature'),
  };
}

/** Throws CodecError; whether the signer may act for the owner is the engine's decision. */
export function authorizationFromMessage(message: AuthorizationMessage | undefined): Authorization {
  const auth = known(message, 'auth');
  return {
    owner: bytesToAddress(auth.owner, 'auth.owner'),
    subaccount: fromUint64(auth.subaccount, 'auth.subaccount'),
    signer: bytesToAddress(auth.signer, 'auth.signer'),
    nonce: fromUint64(auth.nonce, 'auth.nonce'),
    expiresAfterMs: fromUint64(auth.expiresAfterMs, 'auth.expiresAfterMs'),
    signature: bytesToHex(auth.signature, SIGNATURE_BYTES, 'auth.signature'),
  };
}
