import type {
  Authorization as AuthorizationMessage,
  HyperliquidEvidence as EvidenceMessage,
} from '@keel/proto/command';
import {
  AssertionError,
  type Authorization,
  HYPERLIQUID_ACTION_BYTES_MAX,
  type HyperliquidEvidence,
} from '@keel/types';
import { addressToBytes, bytesToAddress, bytesToHex, hexToBytes, SIGNATURE_BYTES } from './bytes.ts';
import { CodecError } from './codecError.ts';
import { fromHyperliquidSource, HYPERLIQUID_SOURCE_NUMBERS } from './enums.ts';
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
    hyperliquid: auth.hyperliquid === undefined ? undefined : evidenceToMessage(auth.hyperliquid),
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
    ...(auth.hyperliquid === undefined ? {} : { hyperliquid: evidenceFromMessage(auth.hyperliquid) }),
  };
}

function evidenceToMessage({ action, source }: HyperliquidEvidence): EvidenceMessage {
  const length = action.length / 2 - 1;
  if (length < 1 || length > HYPERLIQUID_ACTION_BYTES_MAX)
    throw new AssertionError(`auth.hyperliquid.action has ${length} bytes`);
  return {
    $typeName: 'keel.v1.HyperliquidEvidence',
    action: hexToBytes(action, length, 'auth.hyperliquid.action'),
    source: HYPERLIQUID_SOURCE_NUMBERS[source],
  };
}

function evidenceFromMessage(message: EvidenceMessage): HyperliquidEvidence {
  const { action, source } = known(message, 'auth.hyperliquid');
  if (action.length < 1 || action.length > HYPERLIQUID_ACTION_BYTES_MAX) {
    const fault = `${action.length} bytes where 1 to ${HYPERLIQUID_ACTION_BYTES_MAX} belong`;
    throw new CodecError('WRONG_LENGTH', 'auth.hyperliquid.action', fault);
  }
  return {
    action: bytesToHex(action, action.length, 'auth.hyperliquid.action'),
    source: fromHyperliquidSource(source, 'auth.hyperliquid.source'),
  };
}
