import { expect, test } from 'vitest';
import { reconnectDelayMs } from '../src/reconnectDelay.ts';

const BOUNDS = { minMs: 250, maxMs: 10_000 };

test.each([
  [1, 0, 250],
  [2, 0, 500],
  [3, 0, 1_000],
  [7, 0, 10_000],
  [5_000, 0, 10_000],
  [1, 1, 125],
  [7, 0.5, 7_500],
])('attempt %i with random %d waits %i ms', (attempt, random, delayMs) => {
  expect(reconnectDelayMs(BOUNDS, attempt, random)).toBe(delayMs);
});
