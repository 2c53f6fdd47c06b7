import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every 50 ms until the answer is not undefined; after `timeoutMs` throws with the last thing that went wrong. */
export async function waitFor<Value>(
  what: string,
  ask: () => Promise<Value | undefined> | Value | undefined,
  timeoutMs = 30_000,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  let lastFault: unknown = 'no answer yet';
  while (performance.now() < deadline) {
    try {
      const value = await ask();
      if (value !== undefined) return value;
    } catch (fault) {
      lastFault = fault;
    }
    await sleep(50);
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}: ${String(lastFault)}`);
}
