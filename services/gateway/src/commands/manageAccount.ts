import type { Submitted } from '@keel/intake';
import type { SignableAction } from '@keel/signing';
import type { Address } from '@keel/types';
import type { ApproveAgentBody, RevokeAgentBody } from '../wire/requests.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

export function approveAgent(door: CommandDoor, body: ApproveAgentBody): Promise<Submitted> {
  const agent = body.agent.toLowerCase() as Address;
  const { agentName = '', agentExpiresAt = 0 } = body;
  const action: SignableAction = {
    primaryType: 'ApproveAgent',
    ...signedFields(body),
    agent,
    agentName,
    agentExpiresAt,
  };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'approveAgent',
    auth,
    agent,
    agentName,
    agentExpiresAtMs: agentExpiresAt,
  }));
}

export function revokeAgent(door: CommandDoor, body: RevokeAgentBody): Promise<Submitted> {
  const agent = body.agent.toLowerCase() as Address;
  const action: SignableAction = { primaryType: 'RevokeAgent', ...signedFields(body), agent };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'revokeAgent', auth, agent }));
}
