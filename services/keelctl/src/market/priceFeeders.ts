import type { PriceFeeder, TimeMs } from '@keel/types';
import { asOperator, type IntakeDoor, submitOrFault } from './openIntake.ts';

/** Whose price reports count now. Throws CommandFault when nobody answers or the secret is wrong. */
export function listPriceFeeders(door: IntakeDoor): Promise<readonly PriceFeeder[]> {
  return asOperator(door, async (client) => (await client.status()).feeders);
}

export interface PriceFeedersSet {
  readonly feeders: readonly PriceFeeder[];
  readonly sequence: number;
  readonly timeMs: TimeMs;
}

/**
 * Says whose price reports count from now on, in place of all others, and resolves when it is acked. No market has a
 * fresh price until the new ones have agreed on one. Throws CommandFault also when the exchange refuses the set.
 */
export function setPriceFeeders(door: IntakeDoor, feeders: readonly PriceFeeder[]): Promise<PriceFeedersSet> {
  return asOperator(door, async (client) => {
    const { sequence, timeMs } = await submitOrFault(client, { kind: 'setPriceFeeders', feeders });
    return { feeders, sequence, timeMs };
  });
}
