import { type Event, REJECT_CODES, type RejectCode, type SetTradingStatus } from '@keel/types';
import { unpark } from '../liquidation/liquidateSuspects.ts';
import { marketPermits } from '../prices/permissions.ts';
import { renewMark } from '../prices/renewMark.ts';
import { type EngineState, findMarket } from '../state.ts';
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
  unpark(state);
  state.dirty.markets.add(marketId);
  events.push({ kind: 'tradingStatusChanged', marketId, status });
  // Nobody trades a moment longer on the mark from before the halt: the index may have run away from it. A stale market
  // has its mark with its next index.
  if (wasHalted && marketPermits(state, market, 'movePrices')) renewMark(state, market, true, events);
  return undefined;
}
