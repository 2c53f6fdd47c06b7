import { HYPERLIQUID_ACTION_BYTES_MAX } from '@keel/types';
import { decode, encode } from '@msgpack/msgpack';
import { Unreadable } from './unreadable.ts';

/** Objects in objects; an action that this exchange knows has four. */
const DEPTH_MAX = 16;

/**
 * The MessagePack bytes of an action, keys in the order in which they came: those that its signer hashed. Whole numbers are
 * written as such, from 2^32 on in 8 bytes. Throws Unreadable for what is too deep or too long, or no object.
 */
export function encodeAction(action: object): Uint8Array {
  const bytes = encodeOrRefuse(action);
  if (bytes.length > HYPERLIQUID_ACTION_BYTES_MAX)
    throw new Unreadable(`action has more than ${HYPERLIQUID_ACTION_BYTES_MAX} bytes`);
  return bytes;
}

function encodeOrRefuse(action: object): Uint8Array {
  try {
    return encode(action, { maxDepth: DEPTH_MAX });
  } catch (fault) {
    throw new Unreadable(`action cannot be written as MessagePack: ${(fault as Error).message}`);
  }
}

/**
 * What `encodeAction` made of it. Throws Unreadable for bytes that it never makes, such as a number in more bytes than it needs:
 * one action has one spelling, so that nobody reads two things in what was signed.
 */
export function decodeAction(bytes: Uint8Array): object {
  const action = decodeOrRefuse(bytes);
  if (typeof action !== 'object' || action === null || Array.isArray(action))
    throw new Unreadable('action is not an object');
  const again = encodeAction(action);
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at]))
    throw new Unreadable('action is not in the spelling that is signed');
  return action;
}

function decodeOrRefuse(bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (fault) {
    throw new Unreadable(`action is no MessagePack: ${(fault as Error).message}`);
  }
}
