/** Bounds of the wait between two attempts to connect, in milliseconds. */
export interface ReconnectBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Wait before attempt number `attempt` (from 1): doubles from minMs to maxMs, then a random part of the upper half is
 * taken off, so that clients which lost the same server do not come back in the same moment.
 */
export function reconnectDelayMs(bounds: ReconnectBounds, attempt: number, random: number = Math.random()): number {
  const fullMs = Math.min(bounds.maxMs, bounds.minMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(fullMs * (1 - random / 2));
}
