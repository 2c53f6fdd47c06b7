import { describe, expect, test } from 'vitest';
import { sealIsDue, WAITING_BATCHES_MAX } from '../src/sealBatches.ts';
import { withBackoff } from '../src/withBackoff.ts';

describe('sealIsDue', () => {
  const rule = { batchSeconds: 5, batchCommands: 2_000 };
  test.each([
    // commands, seen for ms, batches waiting for L1, due
    [0, 60_000, 0, false],
    [1, 4_999, 0, false],
    [1, 5_000, 0, true],
    [1_999, 0, 0, false],
    [2_000, 0, 0, true],
    [1, 5_000, WAITING_BATCHES_MAX - 1, true],
    [1, 5_000, WAITING_BATCHES_MAX, false],
    [2_000, 5_000, WAITING_BATCHES_MAX, true],
  ])('%i commands seen for %i ms with %i batches waiting: %s', (commands, openMs, waitingBatches, due) => {
    expect(sealIsDue(rule, { commands, openMs, waitingBatches })).toBe(due);
  });
});

describe('withBackoff', () => {
  test('after failures it stays quiet for 0.5 s, 1 s, 2 s ... at most 10 s, and forgets after a success', async () => {
    let nowMs = 0;
    let healthy = false;
    const calledAtMs: number[] = [];
    const turn = withBackoff(
      async () => {
        calledAtMs.push(nowMs);
        if (!healthy) throw new Error('away');
      },
      () => nowMs,
    );
    for (; nowMs <= 40_000; nowMs += 100) await turn().catch(() => undefined);
    expect(calledAtMs).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 25_500, 35_500]);
    healthy = true;
    nowMs = 50_000;
    await turn();
    healthy = false;
    await expect(turn()).rejects.toThrow('away');
    nowMs += 500;
    await expect(turn()).rejects.toThrow('away');
  });
});
