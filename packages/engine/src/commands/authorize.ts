import {
  type Authorization,
  isSubaccount,
  NONCE_FUTURE_MS,
  NONCE_PAST_MS,
  NONCE_WINDOW,
  REJECT_CODES,
  type RejectCode,
  type TimeMs,
} from '@keel/types';
import { type AccountState, type EngineState, findAccount } from '../state.ts';

/** Who may sign: trading is open to agents, money and keys are the owner's alone. */
export type AllowedSigner = 'ownerOrAgent' | 'ownerOnly';

/**
 * The account the command is for, with the signer's nonce used up, or the refusal. A nonce is used up only here, after
 * every check of this file, so an expired or unauthorised command leaves it free. Agents and nonces are those of the
 * owner's main account: a key that may sign for one of its accounts may for all, and for nobody else's.
 */
export function authorize(state: EngineState, auth: Authorization, allowed: AllowedSigner): AccountState | RejectCode {
  const { timeMs } = state;
  if (auth.expiresAfterMs !== 0 && timeMs > auth.expiresAfterMs) return REJECT_CODES.COMMAND_EXPIRED;
  const main = state.accountByOwner.get(auth.owner);
  if (main === undefined) return REJECT_CODES.ACCOUNT_UNKNOWN;
  const account = auth.subaccount === 0 ? main : findAccount(state, auth.owner, auth.subaccount);
  if (account === undefined && isSubaccount(auth.subaccount)) return REJECT_CODES.ACCOUNT_UNKNOWN;
  // Nobody has the key of a vault; a door in front that could be talked into one must not open it.
  if (main.backstopOf !== undefined) return REJECT_CODES.SIGNER_NOT_AUTHORIZED;
  if (auth.signer !== auth.owner) {
    const agent = main.agents.find((candidate) => candidate.agent === auth.signer);
    if (agent === undefined || allowed === 'ownerOnly') return REJECT_CODES.SIGNER_NOT_AUTHORIZED;
    if (agent.expiresAtMs !== 0 && timeMs > agent.expiresAtMs) return REJECT_CODES.AGENT_EXPIRED;
  }
  const used = noncesOf(state, main, auth);
  const refusal = checkNonce(used, auth.nonce, timeMs);
  if (refusal !== undefined) return refusal;
  if (account === undefined) return REJECT_CODES.SUBACCOUNT_INVALID;

  if (used === undefined) state.noncesBySigner.set(auth.signer, [auth.nonce]);
  else useNonce(used, auth.nonce);
  return account;
}

/** Owners mostly sign themselves: their list is kept with their account, so that it costs no second search. */
function noncesOf(state: EngineState, main: AccountState, { owner, signer }: Authorization): number[] | undefined {
  if (signer !== owner) return state.noncesBySigner.get(signer);
  main.ownNonces ??= state.noncesBySigner.get(owner);
  return main.ownNonces;
}

function checkNonce(used: readonly number[] | undefined, nonce: number, timeMs: TimeMs): RejectCode | undefined {
  const full = used !== undefined && used.length >= NONCE_WINDOW;
  if (nonce < timeMs - NONCE_PAST_MS || (full && nonce < used.at(-NONCE_WINDOW)!)) return REJECT_CODES.NONCE_TOO_OLD;
  if (nonce > timeMs + NONCE_FUTURE_MS) return REJECT_CODES.NONCE_TOO_NEW;
  if (used !== undefined && used[nonceIndex(used, nonce)] === nonce) return REJECT_CODES.NONCE_ALREADY_USED;
  return undefined;
}

/** Those that fell out of the window go many at once: to move all others with each command would cost more than the rest of it. */
function useNonce(used: number[], nonce: number): void {
  const place = nonceIndex(used, nonce);
  if (place === used.length) used.push(nonce);
  else used.splice(place, 0, nonce);
  if (used.length >= 2 * NONCE_WINDOW) used.splice(0, used.length - NONCE_WINDOW);
}

/** Where the nonce is or would stand. Nonces mostly grow, so the search starts at the end. */
function nonceIndex(used: readonly number[], nonce: number): number {
  let place = used.length;
  while (place > 0 && used[place - 1]! >= nonce) place -= 1;
  return place;
}
