import { type Event, REJECT_CODES, type RejectCode, type SetTradingStatus } from '@keel/types';
import { MARK_REFRESH_MS } from '../limits.ts';
import { unpark } from '../liquidation/liquidateSuspects.ts';
import { type EngineState, findMarket, type MarketState } from '../state.ts';
import { sortFired } from '../triggers/firedQueue.ts';

/** Says what may be done in a market from now on. What rests and waits there stays. */
export function setTradingStatus(
  state: EngineState,
  { marketId, status }: SetTradingStatus,
  events: Event[],
): RejectCode | undefined {
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;

  const wasHalted = market.tradingStatus === 'halted';
  market.tradingStatus = status;
  if (wasHalted !== (status === 'halted')) sortFired(state);
  if (wasHalted && status !== 'halted') resumeMark(state, market);
  unpark(state);
  state.dirty.markets.add(marketId);
  events.push({ kind: 'tradingStatusChanged', marketId, status });
  return undefined;
}

/**
 * The mark is due at once, but the book counts for one refresh only and not as if it had stood there all the while: in a
 * halt nobody could trade against it.
 */
function resumeMark(state: EngineState, market: MarketState): void {
  if (market.markTimeMs > 0) market.markTimeMs = Math.max(market.markTimeMs, state.timeMs - MARK_REFRESH_MS);
  state.nextMarkDueMs = 0;
}
