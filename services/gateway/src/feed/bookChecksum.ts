import { crc32 } from 'node:zlib';
import type { Level } from '../wire/answers.ts';

/** Levels of each side that a checksum covers. */
export const CHECKSUM_LEVELS = 10;

/**
 * CRC-32 of `price:size,price:size|price:size`: the best bids, then the best asks, each best first and spelled as in frames, at
 * most CHECKSUM_LEVELS a side. Of an empty book that is the CRC-32 of `|`.
 */
export function bookChecksum(bids: readonly Level[], asks: readonly Level[]): number {
  const textOf = (levels: readonly Level[]): string =>
    levels
      .slice(0, CHECKSUM_LEVELS)
      .map(([price, size]) => `${price}:${size}`)
      .join(',');
  return crc32(`${textOf(bids)}|${textOf(asks)}`);
}
