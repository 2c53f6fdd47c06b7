/**
 * Ids by a number, lowest first, equal numbers by id: a binary heap in two arrays. Entries are not taken out when
 * what they name goes; whoever takes one must see whether it still holds. `sweepQueue` bounds how many such there are.
 */
export interface IdQueue {
  readonly keys: number[];
  readonly ids: number[];
}

export function createQueue(): IdQueue {
  return { keys: [], ids: [] };
}

/** Lowest number, or Infinity for an empty queue. */
export function firstKey({ keys }: IdQueue): number {
  return keys.length === 0 ? Number.POSITIVE_INFINITY : keys[0]!;
}

export function firstId({ ids }: IdQueue): number {
  return ids[0]!;
}

export function addToQueue({ keys, ids }: IdQueue, key: number, id: number): void {
  let place = keys.length;
  keys.push(key);
  ids.push(id);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!comesBefore(key, id, keys[parent]!, ids[parent]!)) break;
    keys[place] = keys[parent]!;
    ids[place] = ids[parent]!;
    place = parent;
  }
  keys[place] = key;
  ids[place] = id;
}

/** Takes the first entry out; the queue must not be empty. */
export function dropFirst({ keys, ids }: IdQueue): void {
  const key = keys.pop()!;
  const id = ids.pop()!;
  const { length } = keys;
  if (length === 0) return;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= length) break;
    if (child + 1 < length && comesBefore(keys[child + 1]!, ids[child + 1]!, keys[child]!, ids[child]!)) child += 1;
    if (!comesBefore(keys[child]!, ids[child]!, key, id)) break;
    keys[place] = keys[child]!;
    ids[place] = ids[child]!;
    place = child;
  }
  keys[place] = key;
  ids[place] = id;
}

/** Drops the entries that do not hold any more, once they may be more than half: so each costs a fixed part of a sweep. */
export function sweepQueue(queue: IdQueue, liveAtMost: number, holds: (key: number, id: number) => boolean): void {
  if (queue.keys.length <= 2 * liveAtMost + 64) return;
  const kept = createQueue();
  for (const [place, key] of queue.keys.entries()) {
    const id = queue.ids[place]!;
    if (holds(key, id)) addToQueue(kept, key, id);
  }
  queue.keys.length = 0;
  queue.ids.length = 0;
  for (const [place, key] of kept.keys.entries()) {
    queue.keys.push(key);
    queue.ids.push(kept.ids[place]!);
  }
}

function comesBefore(key: number, id: number, otherKey: number, otherId: number): boolean {
  return key < otherKey || (key === otherKey && id < otherId);
}
