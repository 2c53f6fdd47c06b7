import { createHash } from 'node:crypto';

/** Numbers in [0, 1). */
export type Random = () => number;

/**
 * A seeded source of numbers: the same seed and name give the same numbers on every machine. Steps through a 64-bit
 * counter and hashes each, which is quick enough for some hundred draws a second and needs no generator of our own.
 */
export function createRandom(seed: string, name: string): Random {
  let draws = 0;
  return () => {
    draws += 1;
    const digest = createHash('sha256').update(`${seed}/${name}/${draws}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  };
}

/** A number in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}

/** One of the given; there must be at least one. */
export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
