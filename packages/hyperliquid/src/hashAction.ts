import type { Address, HyperliquidSource } from '@keel/types';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { domainSeparator, textWord, typedHash, uint64Bytes } from './words.ts';

/** The domain in which every action of this kind is signed, on whichever exchange: a constant. */
const SEPARATOR = domainSeparator('Exchange', 1_337);
const AGENT = textWord('Agent(string source,bytes32 connectionId)');
const SOURCES = { a: textWord('a'), b: textWord('b') } as const;

/** What is hashed beside the action. */
export interface ActionGuard {
  readonly nonce: number;
  readonly vaultAddress?: Address | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAfter?: number | undefined;
}

/** The 32 bytes that name an action with its guard. `action` in MessagePack. */
export function connectionIdOf(action: Uint8Array, { nonce, vaultAddress, expiresAfter }: ActionGuard): Uint8Array {
  const vault =
    vaultAddress === undefined
      ? Uint8Array.of(0)
      : concatBytes(Uint8Array.of(1), hexToBytes(vaultAddress.slice(2).toLowerCase()));
  const expiry = expiresAfter === undefined ? [] : [Uint8Array.of(0), uint64Bytes(expiresAfter)];
  return keccak_256(concatBytes(action, uint64Bytes(nonce), vault, ...expiry));
}

/** The 32 bytes that were signed, for one of the two networks. */
export function hashAction(action: Uint8Array, guard: ActionGuard, source: HyperliquidSource): Uint8Array {
  return typedHash(SEPARATOR, keccak_256(concatBytes(AGENT, SOURCES[source], connectionIdOf(action, guard))));
}
