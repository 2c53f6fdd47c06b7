import type { IntakeRole } from '@keel/codec';
import type { Command, EventBlock, SealedBatch, SequencerStatus } from '@keel/types';

/** What a command did; exists only once the command is on stable storage and applied. */
export interface Submitted extends EventBlock {
  /** True: it was sequenced before this request, and this is what it did then. Absent otherwise. */
  readonly repeated?: boolean;
}

export interface SubmitOptions {
  /** It may be sequenced already: then the answer is its original outcome. */
  readonly retry: boolean;
}

/** Whether the node of a server takes commands; `notLeader` is where they are taken, as far as it knows. */
export type Leadership = 'leading' | { readonly notLeader: string | undefined };

/** What the sequencer gives the server. Calls come in the order in which the frames of a connection came. */
export interface IntakeHandler {
  /**
   * Resolves when the command is acked. Rejects with IntakeOverloaded, IntakeSignatureInvalid, IntakePaused,
   * IntakeHandingOver or IntakeUnavailable if it was not taken, with IntakeOutcomeUnknown if it may be in the log; any
   * other rejection is a fault.
   */
  submit(role: IntakeRole, command: Command, options: SubmitOptions): Promise<Submitted>;
  /** Undefined = not sealed yet. */
  batch(batchIndex: number): Promise<SealedBatch | undefined>;
  status(): SequencerStatus;
}

/** The part of a logger that the intake needs. */
export interface IntakeLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
