import { KeelError } from '@keel/client';
import { type Logger, startPeriodicTask } from '@keel/runtime';
import type { Liquidator } from './liquidator.ts';

/** At least this often: prices walk without a frame, and positions have to go. */
const ROUND_MS = 1_000;

/** Runs the liquidator's rounds, once a second and at each frame of auctions, never two at a time, until stopped. */
export function startRounds(
  liquidator: Liquidator,
  context: {
    readonly log: Logger;
    readonly stopSignal: AbortSignal;
    readonly fail: (fault: unknown) => never;
  },
): { stop(): Promise<void> } {
  const { log, stopSignal, fail } = context;
  let isAsked = false;
  let running: Promise<void> | undefined;
  const rounds = async (): Promise<void> => {
    while (isAsked && !stopSignal.aborted) {
      isAsked = false;
      try {
        await liquidator.round();
      } catch (fault) {
        // What the client did not say is a fault of ours; the rest is a gateway that is away for a while.
        if (!(fault instanceof KeelError)) return fail(fault);
        liquidator.tally.faults += 1;
        log.debug({ reason: fault.code }, 'round ended early');
      }
    }
  };
  const ask = (): Promise<void> => {
    isAsked = true;
    running ??= rounds().finally(() => {
      running = undefined;
    });
    return running;
  };
  liquidator.onAuctions = () => void ask();
  const task = startPeriodicTask({ everyMs: ROUND_MS, run: ask, onFault: fail });
  return {
    stop: async () => {
      await task.stop();
      await running;
    },
  };
}
