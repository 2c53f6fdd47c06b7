import { expect, test } from 'vitest';
import { startPeriodicTask } from '../src/index.ts';

test('repeats, never overlaps, survives a fault and stops after the running turn', async () => {
  const faults: unknown[] = [];
  let runs = 0;
  let inside = 0;
  let overlaps = 0;
  let third: () => void = () => undefined;
  const thirdRun = new Promise<void>((resolve) => {
    third = resolve;
  });
  const task = startPeriodicTask({
    everyMs: 1,
    run: async () => {
      runs += 1;
      inside += 1;
      if (inside > 1) overlaps += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
      if (runs === 3) third();
      if (runs === 1) throw new Error('once');
    },
    onFault: (fault) => faults.push(fault),
  });
  await thirdRun;
  await task.stop();
  const stoppedAt = runs;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect({ runs, overlaps, inside }).toEqual({ runs: stoppedAt, overlaps: 0, inside: 0 });
  expect(faults).toHaveLength(1);
});
