import type { Command, Event } from '@keel/types';

/** Who counts what the sequencer does; milliseconds are monotonic. */
export interface SequencerWatch {
  /** A command was turned away because the queue was full. */
  readonly overloaded: () => void;
  /** A command was acknowledged, so long after it was taken. */
  readonly acknowledged: (command: Command, events: readonly Event[], sinceTakenMs: number) => void;
  /** A group was committed and applied. */
  readonly group: (commands: number, commitMs: number, applyMs: number) => void;
  /** The full check of the state at a sealed batch. */
  readonly checked: (ms: number) => void;
}
