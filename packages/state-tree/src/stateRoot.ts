import type { Hex } from '@keel/types';
import { toHex } from './hex.ts';
import { globalsHash, stateHash } from './treeHash.ts';

export const ACCOUNTS_DEPTH = 32;
export const ORDERS_DEPTH = 40;
export const MARKETS_DEPTH = 8;

/** What the state of the exchange is made of: the roots of its three trees, and the bytes that belong to none. */
export interface StateParts {
  readonly accountsRoot: Uint8Array;
  readonly ordersRoot: Uint8Array;
  readonly marketsRoot: Uint8Array;
  readonly globals: Uint8Array;
}

/** SHA-256(0x02 ‖ accountsRoot ‖ ordersRoot ‖ marketsRoot ‖ SHA-256(0x03 ‖ globals)). */
export function stateRoot(parts: StateParts): Hex {
  return toHex(stateHash([parts.accountsRoot, parts.ordersRoot, parts.marketsRoot, globalsHash(parts.globals)]));
}
