import { setTimeout as sleep } from 'node:timers/promises';
import { type SequencerStatus, toSequence } from '@keel/types';
import { expect, test, vi } from 'vitest';
import { createHealth } from '../src/health.ts';

const FEED = { live: true, sequence: 7 as const };
const readModel = { head: () => Promise.reject(new Error('away')) };

test('a stop of the event loop is told to everybody who asks, not only to the first', async () => {
  const health = createHealth({ intake: { connected: false, status: () => Promise.reject() }, readModel, feed: FEED });
  await sleep(50);
  const until = performance.now() + 2_300;
  while (performance.now() < until);
  await sleep(50);
  const answers = [health.livez(), health.livez()];
  for (const reasons of answers) expect(reasons[0]).toMatch(/stood still for \d{4} ms/);
  health.close();
});

test('a thousand askers at once are one question to the sequencer', async () => {
  let asked = 0;
  const status = () => {
    asked += 1;
    return Promise.reject(new Error('away'));
  };
  const health = createHealth({ intake: { connected: true, status }, readModel, feed: FEED });
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => health.readyz()));
  expect(asked).toBe(1);
  for (const reasons of answers) expect(reasons).toContain('the sequencer cannot be reached');
  await health.readyz();
  expect(asked).toBe(2);
  health.close();
});

test('a sequencer that answers and commits nothing is not ready, and one that goes on is', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let sequence = 7;
  const intake = {
    connected: true,
    status: () => Promise.resolve({ sequence: toSequence(sequence) } as SequencerStatus),
  };
  const health = createHealth({ intake, readModel, feed: FEED });
  const nothingCommitted = async () => (await health.readyz()).filter((reason) => reason.startsWith('nothing was'));
  try {
    expect(await nothingCommitted()).toEqual([]);
    vi.advanceTimersByTime(5_000);
    expect(await nothingCommitted()).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(await nothingCommitted()).toEqual(['nothing was committed for 6 s']);
    sequence = 8;
    expect(await nothingCommitted()).toEqual([]);
  } finally {
    health.close();
    vi.useRealTimers();
  }
});
