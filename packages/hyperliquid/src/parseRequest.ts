import type { Address, Hex, HyperliquidSource } from '@keel/types';
import { encodeAction } from './encodeAction.ts';
import { hashAction } from './hashAction.ts';
import { hashUserSigned, isUserSigned } from './hashUserSigned.ts';
import { readAddress, readAnyObject, readCount, readText } from './readFields.ts';
import { readSignature } from './readSignature.ts';

/** A request as it came, read as far as its signature goes. */
export interface HyperliquidRequest {
  /** As parsed from JSON: its keys stand in the order in which they were signed. */
  readonly action: object;
  readonly type: string;
  readonly nonce: number;
  /** 65 bytes r, s, v. */
  readonly signature: Hex;
  readonly vaultAddress: Address | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAfter: number | undefined;
}

/**
 * Reads the body of a request; null stands for a field that is not there, as some clients send it. Fields that nobody signs are
 * let pass. Throws Unreadable.
 */
export function parseRequest(body: unknown): HyperliquidRequest {
  const { action, nonce, signature, vaultAddress, expiresAfter } = readAnyObject(body, 'request');
  const fields = readAnyObject(action, 'action');
  return {
    action: fields,
    type: readText(fields.type, 'action.type'),
    nonce: readCount(nonce, 'nonce'),
    signature: readSignature(signature, 'signature'),
    vaultAddress: optional(vaultAddress, 'vaultAddress', readAddress),
    expiresAfter: optional(expiresAfter, 'expiresAfter', readCount),
  };
}

/** The 32 bytes that were signed if it was for this network; a request that is signed field by field names its own. */
export function hashRequest(request: HyperliquidRequest, source: HyperliquidSource): Uint8Array {
  if (isUserSigned(request.type)) return hashUserSigned(request.action);
  return hashAction(encodeAction(request.action), request, source);
}

function optional<Value>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => Value,
): Value | undefined {
  return value === undefined || value === null ? undefined : read(value, path);
}
