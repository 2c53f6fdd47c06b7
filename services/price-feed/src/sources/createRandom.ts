/**
 * A seeded source of numbers in [0, 1): the same seed and name give the same numbers on every machine. A 32-bit mixing
 * generator is enough to move a price; nothing secret may come from it.
 */
export function createRandom(seed: number, name: string): () => number {
  let state = seed >>> 0;
  for (const character of name) state = mix(state ^ (character.codePointAt(0) ?? 0));
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state) / 4_294_967_296;
  };
}

function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
