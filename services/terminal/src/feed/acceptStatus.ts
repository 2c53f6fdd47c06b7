import type { Status } from '@keel/client';
import { LIMITS, ordersPerSecond, status } from './store.ts';

/** Points closer together than this would measure the publisher's rhythm, not the traffic. */
const SAMPLE_MS = 1_000;

let sampled: { readonly timeMs: number; readonly orders: number } | undefined;

/** Takes the exchange's status and derives orders per second from its counter. */
export function acceptStatus(document: Status): void {
  status.value = document;
  const { timeMs } = document;
  const { orders } = document.counters;
  const before = sampled;
  if (before !== undefined && orders >= before.orders && timeMs >= before.timeMs) {
    if (timeMs - before.timeMs < SAMPLE_MS) return;
    const value = ((orders - before.orders) * 1000) / (timeMs - before.timeMs);
    ordersPerSecond.value = [...ordersPerSecond.peek(), { time: timeMs / 1000, value }].slice(-LIMITS.graphPoints);
  }
  sampled = { timeMs, orders };
}
