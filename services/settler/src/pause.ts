import { setTimeout } from 'node:timers/promises';

/** Waits, in milliseconds; rejects with the reason of the stop when the process is asked to stop meanwhile. */
export async function pause(waitMs: number, stopSignal: AbortSignal): Promise<void> {
  await setTimeout(waitMs, undefined, { signal: stopSignal });
}
