import type { TimeMs, TradingStatus } from '@keel/types';
import { asOperator, findMarket, type IntakeDoor, submitOrFault } from './openIntake.ts';

export interface TradingStatusSet {
  readonly symbol: string;
  readonly status: TradingStatus;
  /** It comes back from a halt by stages: the asked status is the last of them. */
  readonly resuming: boolean;
  /** Place and time of the command in the log: from there on it holds. */
  readonly sequence: number;
  readonly timeMs: TimeMs;
}

/**
 * Hands the sequencer the operator's command and resolves when it is acked. Throws CommandFault when nobody answers, the
 * secret is wrong or the market is not listed.
 */
export function setTradingStatus(door: IntakeDoor, symbol: string, status: TradingStatus): Promise<TradingStatusSet> {
  return asOperator(door, async (client) => {
    const { marketId } = await findMarket(client, symbol);
    const { sequence, timeMs, events } = await submitOrFault(client, { kind: 'setTradingStatus', marketId, status });
    const resuming = events.some((event) => event.kind === 'marketResuming');
    return { symbol, status, resuming, sequence, timeMs };
  });
}
