import { IntakeOutcomeUnknown, type Outcome, type Submitted } from '@keel/intake';
import { hashAction, isSignatureFault, type KeelDomain, type SignableAction, type SignedFields } from '@keel/signing';
import type { Address, Authorization, Hex, RejectName, SignedCommand } from '@keel/types';
import { rejectName } from '@keel/types';
import { ApiError } from '../errors.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import type { RecoverSigner } from '../pickRecoverSigner.ts';
import type { SignedBody } from '../wire/requests.ts';

/** What a signed request needs on its way to the log. */
export interface CommandDoor {
  /** Hands it to whoever leads, again and again until the deadline of a request; rejects as a SubmitUntil does. */
  readonly submit: (command: SignedCommand) => Promise<Outcome>;
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
 * engine's own refusal, ALREADY_SEQUENCED, or what the intake says. Everything before the intake is cheap; nothing is kept on refusal.
 */
export async function submitSigned(
  door: CommandDoor,
  action: SignableAction,
  signature: string,
  commandOf: (auth: Authorization) => SignedCommand,
): Promise<Submitted> {
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
  const outcome = await door.submit(commandOf(auth));
  endAck();
  refuseIfRejected(outcome, signer);
  return outcome.submitted;
}

function recover(door: CommandDoor, action: SignableAction, signature: string): Address {
  const endSignature = door.metrics.signatureSeconds.startTimer();
  const verdict = door.recoverSigner(hashAction(door.domain, action), signature);
  endSignature();
  if (isSignatureFault(verdict)) throw new ApiError('BAD_SIGNATURE', { fault: verdict });
  return verdict;
}

/** Refusals that come before the nonce is looked at, or for which it is too old: an earlier try may have been taken. */
const SAYS_NOTHING_OF_EARLIER_TRIES: ReadonlySet<string> = new Set<RejectName>([
  'COMMAND_EXPIRED',
  'SIGNER_NOT_AUTHORIZED',
  'AGENT_EXPIRED',
  'NONCE_TOO_OLD',
]);

function refuseIfRejected({ submitted, retried }: Outcome, signer: Address): void {
  const { sequence, events, repeated } = submitted;
  for (const event of events) {
    if (event.kind !== 'commandRejected') continue;
    const code = rejectName(event.code) ?? 'INTERNAL';
    // A retry that met no remembered outcome: what it was refused for may be its own first try.
    if (retried && repeated !== true) {
      if (code === 'NONCE_ALREADY_USED') throw new ApiError('ALREADY_SEQUENCED', { sequence });
      if (SAYS_NOTHING_OF_EARLIER_TRIES.has(code))
        throw new ApiError('OUTCOME_UNKNOWN', { refused: code }, { cause: new IntakeOutcomeUnknown(code) });
    }
    // Whoever signed another text than was sent finds a signer here that nobody knows.
    const facts = code === 'SIGNER_NOT_AUTHORIZED' ? { signer } : {};
    throw new ApiError(code, { sequence, ...(repeated === true ? { repeated } : {}), ...facts });
  }
}
