import type { IntakeRole } from '@keel/codec';
import type { Command, EventBlock, SealedBatch, SequencerStatus } from '@keel/types';

/** What a command did; exists only once the command is on stable storage and applied. */
export type Submitted = EventBlock;

/** What the sequencer gives the server. Calls come in the order in which the frames of a connection came. */
export interface IntakeHandler {
  /**
   * Resolves when the command is acked. Rejects with IntakeOverloaded or IntakeSignatureInvalid if it was not taken;
   * any other rejection is a fault.
   */
  submit(role: IntakeRole, command: Command): Promise<Submitted>;
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
