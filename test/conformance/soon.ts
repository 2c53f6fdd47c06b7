import { vi } from 'vitest';

/** The read model follows the log by some milliseconds: asks again until it does not throw, eight seconds at most. */
export function soon<Result>(ask: () => Promise<Result>): Promise<Result> {
  return vi.waitFor(ask, { timeout: 8_000, interval: 25 });
}
