/** A whole number from 0 to `below` - 1. */
export type Draw = (below: number) => number;

/** mulberry32: small, good enough to spread traders, the same on every machine. `below` is at most 2^21, so that no digit is lost. */
export function createDraw(seed: number): Draw {
  let value = seed >>> 0;
  return (below) => {
    value = (value + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(value ^ (value >>> 15), 1 | value);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) * below) / 4_294_967_296);
  };
}
