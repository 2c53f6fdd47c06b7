import { expect, test } from 'vitest';
import { createClock, createSteadyClock } from '../src/clock.ts';

const HOUR_MS = 3_600_000;

test('sequenced time never runs back', () => {
  let wallMs = 1_000;
  const clock = createClock(5_000, () => wallMs);
  expect(clock()).toBe(5_000);
  wallMs = 6_000;
  expect(clock()).toBe(6_000);
  wallMs = 4_000;
  expect(clock()).toBe(6_000);
});

test('a leader follows a wall clock that is slewed and not one that steps', () => {
  const at = { wallMs: 1_000_000, monotonicMs: 7.25 };
  const clock = createSteadyClock(
    0,
    () => at.wallMs,
    () => at.monotonicMs,
  );
  const pass = (wallMs: number, monotonicMs: number): number => {
    at.wallMs += wallMs;
    at.monotonicMs += monotonicMs;
    return clock();
  };
  // [wall clock goes on by, monotonic clock by, sequenced time then]
  const table: readonly (readonly [number, number, number])[] = [
    [1_000, 1_000, 1_001_000],
    [1_300, 1_000, 1_002_300],
    [700, 1_000, 1_003_000],
    [HOUR_MS, 0.5, 1_003_001],
    [1_000, 1_000, 1_004_001],
    [-HOUR_MS, 0, 1_004_001],
    [1_000, 1_000, 1_005_000],
    [-HOUR_MS, 1_000, 1_006_000],
  ];
  for (const [wallMs, monotonicMs, sequencedMs] of table)
    expect(Math.abs(pass(wallMs, monotonicMs) - sequencedMs)).toBeLessThanOrEqual(1);
});
