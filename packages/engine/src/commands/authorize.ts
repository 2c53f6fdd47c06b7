import {
  type Authorization,
  NONCE_FUTURE_MS,
  NONCE_PAST_MS,
  NONCE_WINDOW,
  REJECT_CODES,
  type RejectCode,
} from '@keel/types';
import type { AccountState, EngineState } from '../state.ts';

/** Who may sign: trading is open to agents, money and keys are the owner's alone. */
export type AllowedSigner = 'ownerOrAgent' | 'ownerOnly';

/**
 * The account the command is for, with the signer's nonce used up, or the refusal. A nonce is used up only here, after
 * every check of this file, so an expired or unauthorised command leaves it free.
 */
export function authorize(state: EngineState, auth: Authorization, allowed: AllowedSigner): AccountState | RejectCode {
  const { timeMs } = state;
  if (auth.expiresAfterMs !== 0 && timeMs > auth.expiresAfterMs) return REJECT_CODES.COMMAND_EXPIRED;
  const account = state.accountByOwner.get(auth.owner);
  if (account === undefined) return REJECT_CODES.ACCOUNT_UNKNOWN;
  if (auth.signer !== auth.owner) {
    const agent = account.agents.find((candidate) => candidate.agent === auth.signer);
    if (agent === undefined || allowed === 'ownerOnly') return REJECT_CODES.SIGNER_NOT_AUTHORIZED;
    if (agent.expiresAtMs !== 0 && timeMs > agent.expiresAtMs) return REJECT_CODES.AGENT_EXPIRED;
  }
  const used = state.noncesBySigner.get(auth.signer) ?? [];
  const full = used.length >= NONCE_WINDOW;
  if (auth.nonce < timeMs - NONCE_PAST_MS || (full && auth.nonce < used[0]!)) return REJECT_CODES.NONCE_TOO_OLD;
  if (auth.nonce > timeMs + NONCE_FUTURE_MS) return REJECT_CODES.NONCE_TOO_NEW;
  const place = nonceIndex(used, auth.nonce);
  if (used[place] === auth.nonce) return REJECT_CODES.NONCE_ALREADY_USED;

  used.splice(place, 0, auth.nonce);
  if (used.length > NONCE_WINDOW) used.shift();
  state.noncesBySigner.set(auth.signer, used);
  return account;
}

/** Where the nonce is or would stand. Nonces mostly grow, so the search starts at the end. */
function nonceIndex(used: readonly number[], nonce: number): number {
  let place = used.length;
  while (place > 0 && used[place - 1]! >= nonce) place -= 1;
  return place;
}
