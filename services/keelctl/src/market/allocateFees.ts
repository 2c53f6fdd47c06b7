import type { QuoteAtoms, SafetyFund, TimeMs } from '@keel/types';
import { asOperator, findMarket, type IntakeDoor, submitOrFault } from './openIntake.ts';

export interface FeesAllocated {
  readonly symbol: string;
  readonly fund: SafetyFund;
  readonly amountAtoms: QuoteAtoms;
  readonly sequence: number;
  readonly timeMs: TimeMs;
}

/**
 * Moves trading fees that the exchange has taken into a market's insurance fund or backstop vault, and resolves when that
 * is acked. Throws CommandFault also when there are not so many fees, or no such vault.
 */
export function allocateFees(
  door: IntakeDoor,
  symbol: string,
  fund: SafetyFund,
  amountAtoms: QuoteAtoms,
): Promise<FeesAllocated> {
  return asOperator(door, async (client) => {
    const { marketId } = await findMarket(client, symbol);
    const command = { kind: 'allocateFees', marketId, fund, amountAtoms } as const;
    const { sequence, timeMs } = await submitOrFault(client, command);
    return { symbol, fund, amountAtoms, sequence, timeMs };
  });
}
