import { type Event, REJECT_CODES, type RejectCode, type SetTradingStatus } from '@keel/types';
import { unpark } from '../liquidation/unpark.ts';
import { marketPermits } from '../prices/permissions.ts';
import { renewMark } from '../prices/renewMark.ts';
import { endResume, startResume } from '../prices/resume.ts';
import { isOpening, triggersWait } from '../prices/resumeStage.ts';
import { type EngineState, findMarket } from '../state.ts';
import { sortFired } from '../triggers/firedQueue.ts';

/**
 * Says what may be done in a market from now on. What rests and waits there stays. From a halt a market with a time of
 * grace opens in stages (`prices/resume.ts`); asked to open while it does so, it goes on as it was. Any other status is
 * taken as given, and ends the stages.
 */
export function setTradingStatus(
  state: EngineState,
  { marketId, status }: SetTradingStatus,
  events: Event[],
): RejectCode | undefined {
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;

  const wasHalted = market.tradingStatus === 'halted';
  if (status === 'open' && isOpening(market)) return undefined;
  if (status === 'open' && wasHalted && market.spec.resumeGraceMs > 0) {
    startResume(state, market, events);
    return undefined;
  }
  const waited = triggersWait(market);
  const awaitedPrice = !marketPermits(state, market, 'movePrices');
  endResume(market);
  market.tradingStatus = status;
  if (triggersWait(market) !== waited) sortFired(state);
  unpark(state);
  state.dirty.markets.add(marketId);
  events.push({ kind: 'tradingStatusChanged', marketId, status });
  // Nobody trades a moment longer on the mark from before the halt: the index may have run away from it. A stale market
  // has its mark with its next index.
  if (awaitedPrice && marketPermits(state, market, 'movePrices')) renewMark(state, market, true, events);
  return undefined;
}
