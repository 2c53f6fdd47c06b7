import type { IntakeClient } from '@keel/intake';
import { hashAction, isSignatureFault, type KeelDomain, type SignableAction, type SignedFields } from '@keel/signing';
import type { Address, Authorization, EventBlock, Hex, SignedCommand } from '@keel/types';
import { rejectName } from '@keel/types';
import { ApiError } from '../errors.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import type { RecoverSigner } from '../pickRecoverSigner.ts';
import type { SignedBody } from '../wire/requests.ts';

/** What a signed request needs on its way to the log. */
export interface CommandDoor {
  readonly intake: Pick<IntakeClient, 'submit' | 'connected'>;
  readonly domain: KeelDomain;
  readonly recoverSigner: RecoverSigner;
  readonly metrics: GatewayMetrics;
}

/** Account and replay guard as they were signed, defaults filled in. */
export function signedFields({ account, subaccount = 0, nonce, expiresAfter = 0 }: SignedBody): SignedFields {
  return { account: account.toLowerCase() as Address, subaccount, nonce, expiresAfter };
}

/**
 * Recovers the signer, submits the command and gives back what it did once it is acked. Throws ApiError: BAD_SIGNATURE, the
 * engine's own refusal, or what the intake says. Everything before the intake is cheap; nothing is kept on refusal.
 */
export async function submitSigned(
  door: CommandDoor,
  action: SignableAction,
  signature: string,
  commandOf: (auth: Authorization) => SignedCommand,
): Promise<EventBlock> {
  const signer = recover(door, action, signature);
  const auth: Authorization = {
    owner: action.account,
    subaccount: action.subaccount,
    signer,
    nonce: action.nonce,
    expiresAfterMs: action.expiresAfter,
    signature: signature.toLowerCase() as Hex,
  };
  const endAck = door.metrics.ackSeconds.startTimer();
  const block = await door.intake.submit(commandOf(auth));
  endAck();
  refuseIfRejected(block, signer);
  return block;
}

function recover(door: CommandDoor, action: SignableAction, signature: string): Address {
  const endSignature = door.metrics.signatureSeconds.startTimer();
  const verdict = door.recoverSigner(hashAction(door.domain, action), signature);
  endSignature();
  if (isSignatureFault(verdict)) throw new ApiError('BAD_SIGNATURE', { fault: verdict });
  return verdict;
}

function refuseIfRejected(block: EventBlock, signer: Address): void {
  for (const event of block.events) {
    if (event.kind !== 'commandRejected') continue;
    const code = rejectName(event.code) ?? 'INTERNAL';
    // Whoever signed another text than was sent finds a signer here that nobody knows.
    const facts = code === 'SIGNER_NOT_AUTHORIZED' ? { signer } : {};
    throw new ApiError(code, { sequence: block.sequence, ...facts });
  }
}
