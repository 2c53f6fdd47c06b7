import type { TimeMs } from '@keel/types';

/** The clocks and timers of a node; a simulation has its own. */
export interface Time {
  /** Milliseconds that never step, for leases and pauses. */
  readonly monotonicMs: () => number;
  /** The wall clock: what sequenced time is made from. It may step. */
  readonly wallMs: () => TimeMs;
  /** Runs once after so long; returns the way to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** One turn of the event loop. */
  readonly nextTurn: () => Promise<void>;
}

/** This machine's. */
export const machineTime: Time = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
};
