import type { Address, Hex, Sequence, Side } from '@keel/types';

/** B = buys, A = sells (the ask). */
export type SideLetter = 'B' | 'A';

export const sideLetter = (side: Side): SideLetter => (side === 'buy' ? 'B' : 'A');

/** Of whom nothing is known. */
export const ZERO_ADDRESS: Address = `0x${'00'.repeat(20)}`;

/**
 * There are no transactions per order here. Where one is named, clients tell entries apart by it, so it is the sequence of the
 * command, which anybody finds in the journal.
 */
export function hashOfSequence(sequence: Sequence): Hex {
  return `0x${sequence.toString(16).padStart(64, '0')}`;
}

const CLOID = /^0x[0-9a-fA-F]{32}$/;

/** The name that its client gave an order, where it has the form that these clients give; others cannot read any other. */
export function cloidOf(clientOrderId: string): Hex | undefined {
  return CLOID.test(clientOrderId) ? (clientOrderId as Hex) : undefined;
}
