import type { Time } from './time.ts';

/** Resolves after so many milliseconds. */
export function pause(time: Time, ms: number): Promise<void> {
  return new Promise((resolve) => time.after(ms, resolve));
}
