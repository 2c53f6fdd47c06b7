import type { SignableAction } from '@keel/signing';
import type { Address, EventBlock } from '@keel/types';
import { ApiError } from '../errors.ts';
import { parseAmount } from '../parseUnits.ts';
import type { ApproveAgentBody, RevokeAgentBody, WithdrawBody } from '../wire/requests.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`;

export function approveAgent(door: CommandDoor, body: ApproveAgentBody): Promise<EventBlock> {
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

export function revokeAgent(door: CommandDoor, body: RevokeAgentBody): Promise<EventBlock> {
  const agent = body.agent.toLowerCase() as Address;
  const action: SignableAction = { primaryType: 'RevokeAgent', ...signedFields(body), agent };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'revokeAgent', auth, agent }));
}

export function withdraw(door: CommandDoor, body: WithdrawBody): Promise<EventBlock> {
  const recipient = body.recipient.toLowerCase() as Address;
  // Such a claim would be refused on L1 for ever, and the money would already have left the account.
  if (recipient === ZERO_ADDRESS || recipient === door.domain.verifyingContract) {
    throw new ApiError('RECIPIENT_CANNOT_BE_PAID', { path: '/recipient' });
  }
  const amountAtoms = parseAmount(body.amount);
  const action: SignableAction = { primaryType: 'Withdraw', ...signedFields(body), recipient, amount: body.amount };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'withdraw', auth, recipient, amountAtoms }));
}
