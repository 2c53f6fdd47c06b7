import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addToQueue,
  createQueue,
  dropFirst,
  firstId,
  firstKey,
  type IdQueue,
  sweepQueue,
} from '../src/timers/idQueue.ts';

type Entry = readonly [key: number, id: number];

const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);

/** Few keys and ids, so that many are alike; and now and then the ends of what a key may be. */
const entry: fc.Arbitrary<Entry> = fc.tuple(
  fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -4, max: 4 }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) },
  ),
  fc.integer({ min: 1, max: 40 }),
);

/** Adds some entries, or takes some, or drops those that do not hold. */
const turn = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: fc.array(entry, { maxLength: 60, size: 'max' }) }) },
  { weight: 3, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ keepEvery: fc.integer({ min: 1, max: 5 }), spare: fc.integer({ min: 0, max: 9 }) }),
  },
);

/** The judge: a plain list, sorted anew for every question. */
function first(list: readonly Entry[]): Entry | undefined {
  return [...list].sort(([key, id], [otherKey, otherId]) => key - otherKey || id - otherId)[0];
}

function expectAlike(queue: IdQueue, list: readonly Entry[]): void {
  expect(queue.keys.length).toBe(list.length);
  expect(queue.ids.length).toBe(list.length);
  const next = first(list);
  expect(firstKey(queue)).toBe(next === undefined ? Number.POSITIVE_INFINITY : next[0]);
  if (next !== undefined) expect(firstId(queue)).toBe(next[1]);
}

function takeFirst(queue: IdQueue, list: Entry[]): void {
  const [key, id] = first(list)!;
  list.splice(
    list.findIndex((each) => each[0] === key && each[1] === id),
    1,
  );
  dropFirst(queue);
  expectAlike(queue, list);
}

test('a queue gives its entries like a list that is sorted for every question', () => {
  let taken = 0;
  let swept = 0;
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 30, size: 'max' }), (turns) => {
      const queue = createQueue();
      let list: Entry[] = [];
      for (const each of turns) {
        if ('add' in each) {
          for (const [key, id] of each.add) {
            addToQueue(queue, key, id);
            list.push([key, id]);
            expectAlike(queue, list);
          }
        } else if ('take' in each) {
          for (let left = Math.min(each.take, list.length); left > 0; left -= 1) takeFirst(queue, list);
          taken += 1;
        } else {
          // As many may be live as there are, or a few more.
          const holds = (_: number, id: number) => id % each.keepEvery === 0;
          const live = list.filter(([key, id]) => holds(key, id));
          const liveAtMost = live.length + each.spare;
          const isDue = list.length > 2 * liveAtMost + 64;
          sweepQueue(queue, liveAtMost, holds);
          if (isDue) list = live;
          if (isDue) swept += 1;
          expectAlike(queue, list);
        }
      }
      while (list.length > 0) takeFirst(queue, list);
    }),
    { numRuns: 60, seed: SEED },
  );
  expect(taken, 'entries were taken').toBeGreaterThan(0);
  expect(swept, 'queues were swept').toBeGreaterThan(0);
});

test('a sweep leaves a queue alone while at most half of it and a little more can be dead', () => {
  const queue = createQueue();
  for (let id = 1; id <= 84; id += 1) addToQueue(queue, 84 - id, id);
  let asked = 0;
  const none = () => {
    asked += 1;
    return false;
  };
  sweepQueue(queue, 10, none);
  expect([queue.ids.length, asked]).toEqual([84, 0]);
  addToQueue(queue, 0, 85);
  sweepQueue(queue, 10, none);
  expect([queue.ids.length, asked]).toEqual([0, 85]);
});

test('whatever comes and goes, dead entries cost a bounded part: each entry is asked about twice at most, on average', () => {
  const queue = createQueue();
  const live = new Set<number>();
  let asked = 0;
  const ADDED = 20_000;
  for (let id = 1; id <= ADDED; id += 1) {
    sweepQueue(queue, live.size, (_, each) => {
      asked += 1;
      return live.has(each);
    });
    addToQueue(queue, (id * 7_919) % 1_009, id);
    live.add(id);
    // Never more than 100 live ones: the oldest goes without a word.
    if (live.size > 100) live.delete(id - 100);
    expect(queue.ids.length <= 2 * live.size + 65, 'a queue grows without bound').toBe(true);
  }
  expect(asked / ADDED).toBeLessThan(2);
});
