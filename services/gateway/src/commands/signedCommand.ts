import { IntakeOutcomeUnknown, type Outcome, type Submitted } from '@keel/intake';
import { isSignatureFault, type KeelDomain, type SignableAction, type SignedFields } from '@keel/signing';
import type { Address, Authorization, Hex, RejectName, SignedCommand } from '@keel/types';
import { rejectName } from '@keel/types';
import type { Admission } from '../admission/admission.ts';
import type { Budgets } from '../admission/budgets.ts';
import { type Classified, classify } from '../admission/requestClass.ts';
import type { Strangers } from '../admission/strangers.ts';
import type { SubmitQueue } from '../admission/submitQueue.ts';
import { ApiError } from '../errors.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import type { SignatureJob } from '../signatures/signatureJob.ts';
import type { SignaturePool } from '../signatures/signaturePool.ts';
import type { SignedBody } from '../wire/requests.ts';

/** What a signed request needs on its way to the log. */
export interface CommandDoor {
  readonly domain: KeelDomain;
  readonly admission: Admission;
  readonly budgets: Budgets;
  readonly strangers: Strangers;
  readonly signatures: SignaturePool;
  /** Hands it to whoever leads, again and again until the deadline in monotonic milliseconds; rejects as a SubmitUntil does. */
  readonly submitQueue: SubmitQueue;
  /** How long a request may take, from the moment it is looked at. */
  readonly submitDeadlineMs: number;
  readonly metrics: GatewayMetrics;
}

/** What the door looks at before the signature, however the request is spelled. */
export interface Claim extends Classified {
  /** Undefined where only the signer leads to the owner: then the budget is asked once that is known. */
  readonly owner: Address | undefined;
  readonly job: SignatureJob;
}

/** Account and replay guard as they were signed, defaults filled in. */
export function signedFields({ account, subaccount = 0, nonce, expiresAfter = 0 }: SignedBody): SignedFields {
  return { account: account.toLowerCase() as Address, subaccount, nonce, expiresAfter };
}

/**
 * Recovers the signer, submits the command and gives back what it did once it is acked. Throws ApiError: as `passDoor`.
 */
export function submitSigned(
  door: CommandDoor,
  action: SignableAction,
  signature: string,
  commandOf: (auth: Authorization) => SignedCommand,
): Promise<Submitted> {
  const claim: Claim = { ...classify(action), owner: action.account, job: { action, signature } };
  return passDoor(door, claim, (signer) =>
    commandOf({
      owner: action.account,
      subaccount: action.subaccount,
      signer,
      nonce: action.nonce,
      expiresAfterMs: action.expiresAfter,
      signature: signature.toLowerCase() as Hex,
    }),
  );
}

/**
 * The way of every signed request: budget, a place in its class, signature, sequencer. `commandOf` is asked once the signer is
 * known, and may refuse. Throws ApiError: BUDGET_EXHAUSTED, GATEWAY_OVERLOADED, BAD_SIGNATURE, the engine's own refusal,
 * ALREADY_SEQUENCED, or what the intake says. What comes first costs least; nothing is kept of a refused request.
 */
export async function passDoor(
  door: CommandDoor,
  claim: Claim,
  commandOf: (signer: Address) => SignedCommand | Promise<SignedCommand>,
): Promise<Submitted> {
  const { requestClass, owner } = claim;
  const deadlineMs = performance.now() + door.submitDeadlineMs;
  if (owner !== undefined) door.budgets.refuse(owner, requestClass);
  return door.admission.pass(claim, async () => {
    const verdict = await door.signatures.check(claim.job, requestClass, claim.items);
    if (isSignatureFault(verdict)) throw new ApiError('BAD_SIGNATURE', { fault: verdict });
    const command = await commandOf(verdict);
    if (owner === undefined) door.budgets.refuse(command.auth.owner, requestClass);
    const endAck = door.metrics.ackSeconds.startTimer();
    const outcome = await door.admission.share(command.auth.owner, claim, () =>
      door.submitQueue.submit(command, requestClass, deadlineMs),
    );
    endAck();
    if (!refusedForSigner(outcome)) door.budgets.charge(command.auth.owner);
    refuseIfRejected(outcome, verdict);
    return outcome.submitted;
  });
}

/** Refusals of a request in a name that the signer may not use: it costs the named one nothing. */
const NOT_THE_OWNERS: ReadonlySet<string> = new Set<RejectName>([
  'ACCOUNT_UNKNOWN',
  'SIGNER_NOT_AUTHORIZED',
  'AGENT_EXPIRED',
]);

/**
 * Also true of refusals that come before the signer is looked at. Whoever may act is charged only once it did, so requests
 * under way are not counted yet: an owner may overrun its budget by what the door lets in at once.
 */
function refusedForSigner({ submitted }: Outcome): boolean {
  return submitted.events.some(
    (event) => event.kind === 'commandRejected' && NOT_THE_OWNERS.has(rejectName(event.code) ?? ''),
  );
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
