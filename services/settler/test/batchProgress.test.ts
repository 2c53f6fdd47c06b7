import { expect, test } from 'vitest';
import { BatchProgress } from '../src/batchProgress.ts';

test('batches that wait and do not come onto L1 are told after three resends, and no more once one has', () => {
  const progress = new BatchProgress(30_000);
  expect(progress.reasons(1_000_000)).toEqual([]);
  progress.see(4, 4, 1_000);
  progress.see(4, 6, 500_000);
  expect(progress.reasons(590_000)).toEqual([]);
  expect(progress.reasons(590_001)).toEqual(['2 batches wait and none has come onto L1 for 90 s']);
  progress.see(4, 7, 600_000);
  expect(progress.reasons(600_000)).toEqual(['3 batches wait and none has come onto L1 for 100 s']);
  progress.see(5, 7, 610_000);
  expect(progress.reasons(690_000)).toEqual([]);
  progress.see(7, 7, 900_000);
  expect(progress.reasons(9_000_000)).toEqual([]);
});

test('a short resend time does not make it impatient', () => {
  const progress = new BatchProgress(1_000);
  progress.see(0, 1, 0);
  expect(progress.reasons(60_000)).toEqual([]);
  expect(progress.reasons(60_001)).toHaveLength(1);
});
