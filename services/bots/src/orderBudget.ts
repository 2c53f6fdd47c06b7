import { setTimeout as sleep } from 'node:timers/promises';

/** Lets signed requests through one by one. */
export interface OrderBudget {
  /** Resolves when the next request may leave; rejects once the bots are asked to stop. */
  take(): Promise<void>;
}

/** At most `perSecond` requests, evenly spaced, over all who share it. Who waits is a bot, so the queue is short. */
export function createOrderBudget(perSecond: number, stopSignal: AbortSignal): OrderBudget {
  const everyMs = 1_000 / perSecond;
  let nextMs = 0;
  return {
    take: async () => {
      const nowMs = performance.now();
      nextMs = Math.max(nowMs, nextMs + everyMs);
      await sleep(nextMs - nowMs, undefined, { signal: stopSignal });
    },
  };
}

/** For the player of recorded orders, which keeps the file's own pace. */
export function unboundedBudget(stopSignal: AbortSignal): OrderBudget {
  return { take: async () => stopSignal.throwIfAborted() };
}
