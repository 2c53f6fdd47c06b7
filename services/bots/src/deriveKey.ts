import { createHash } from 'node:crypto';
import type { Hex } from '@keel/types';

/**
 * The private key of one bot: the hash of seed, role and number, so that a restart finds its accounts again. A seed that
 * others know makes keys that others know: for devnets only.
 */
export function deriveKey(seed: string, role: string, index: number): Hex {
  return `0x${createHash('sha256').update(`keel bots/${seed}/${role}/${index}`).digest('hex')}`;
}
