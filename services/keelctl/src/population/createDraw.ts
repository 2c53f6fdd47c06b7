import { createHash } from 'node:crypto';

/** A whole number from 0 to `below` - 1, as likely one as the other but for 2^-48 of them. */
export type Draw = (below: number) => number;

/** A seeded source of whole numbers: the same seed and name give the same ones on every machine. */
export function createDraw(seed: number, name: string): Draw {
  let draws = 0;
  return (below) => {
    draws += 1;
    const digest = createHash('sha256').update(`${seed}/${name}/${draws}`).digest();
    return digest.readUIntBE(0, 6) % below;
  };
}
