import { createHash } from 'node:crypto';
import { addressOfKey } from '@keel/signing';
import type { Address, Hex } from '@keel/types';
import { PUBLIC_MNEMONIC } from './l1.ts';

/** Price feeders of a devnet. Three of four make a quorum, so one may die. */
export const FEEDERS = [1, 2, 3, 4] as const;
export type FeederNumber = (typeof FEEDERS)[number];

/** A feeder's throw-away key: it follows from the public phrase, so everybody has it. */
export function feederKey(feeder: FeederNumber): Hex {
  return `0x${createHash('sha256').update(`${PUBLIC_MNEMONIC}/price feeder/${feeder}`).digest('hex')}`;
}

/** Whose reports count in a devnet. */
export function feederAddresses(): readonly Address[] {
  return FEEDERS.map((feeder) => addressOfKey(feederKey(feeder)));
}
