import {
  AGENT_NAME_CHARACTERS_MAX,
  AGENTS_PER_ACCOUNT_MAX,
  type ApproveAgent,
  type Event,
  REJECT_CODES,
  type RejectCode,
} from '@keel/types';
import { isPlainText } from '../isPlainText.ts';
import type { Agent, EngineState } from '../state.ts';
import { authorize } from './authorize.ts';

/** Lets another key trade for the account until it expires. Approving a known one replaces its name and expiry. */
export function approveAgent(state: EngineState, command: ApproveAgent, events: Event[]): RejectCode | undefined {
  const { auth, agent, agentName, agentExpiresAtMs } = command;
  const account = authorize(state, auth, 'ownerOnly');
  if (typeof account === 'number') return account;
  // Keys are kept with the main account and act for all.
  if (account.subaccount !== 0) return REJECT_CODES.SUBACCOUNT_INVALID;
  // Expired agents give way to new ones.
  const others = account.agents.filter(
    (other) => other.agent !== agent && (other.expiresAtMs === 0 || other.expiresAtMs >= state.timeMs),
  );
  if (others.length >= AGENTS_PER_ACCOUNT_MAX) return REJECT_CODES.AGENT_LIMIT_REACHED;
  if (agent === account.owner) return REJECT_CODES.AGENT_IS_OWNER;
  if (!isPlainText(agentName, AGENT_NAME_CHARACTERS_MAX)) return REJECT_CODES.AGENT_NAME_INVALID;

  const approved: Agent = { agent, agentName, expiresAtMs: agentExpiresAtMs };
  account.agents = [...others, approved].sort((a, b) => (a.agent < b.agent ? -1 : 1));
  state.dirty.accounts.add(account.accountId);
  events.push({
    kind: 'agentApproved',
    accountId: account.accountId,
    agent,
    agentName,
    expiresAtMs: agentExpiresAtMs,
  });
  return undefined;
}
