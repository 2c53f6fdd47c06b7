import { type Event, REJECT_CODES, type RejectCode, type RevokeAgent } from '@keel/types';
import type { EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Takes a key's right to trade away. Its resting orders stay: they are the account's. Its used nonces stay used. */
export function revokeAgent(state: EngineState, { auth, agent }: RevokeAgent, events: Event[]): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOnly');
  if (typeof account === 'number') return account;
  if (account.subaccount !== 0) return REJECT_CODES.SUBACCOUNT_INVALID;
  const others = account.agents.filter((other) => other.agent !== agent);
  if (others.length === account.agents.length) return REJECT_CODES.AGENT_NOT_APPROVED;

  account.agents = others;
  state.dirty.accounts.add(account.accountId);
  events.push({ kind: 'agentRevoked', accountId: account.accountId, agent });
  return undefined;
}
