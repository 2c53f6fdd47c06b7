import { encodeAction, hashAction } from '@keel/hyperliquid';
import type { Hex, HyperliquidSource } from '@keel/types';
import { bytesToHex } from 'viem';
import { sign } from 'viem/accounts';

/** The key of `AGENT`. */
export const AGENT_KEY = `0x${'0a'.repeat(32)}` as const;
let nonces = 1_795_357_159_000;

export interface Guard {
  readonly key?: Hex;
  readonly source?: HyperliquidSource;
  readonly nonce?: number;
  readonly expiresAfter?: number;
}

/** The body of an action, signed by the tests' agent for testnet unless `guard` says otherwise. */
export async function signedExchange(action: object, guard: Guard = {}) {
  const { key = AGENT_KEY, source = 'b', nonce = ++nonces, expiresAfter } = guard;
  const hash = hashAction(encodeAction(action), { nonce, expiresAfter }, source);
  const { r, s, v } = await sign({ hash: bytesToHex(hash), privateKey: key });
  return { action, nonce, signature: { r, s, v: Number(v) }, ...(expiresAfter === undefined ? {} : { expiresAfter }) };
}
