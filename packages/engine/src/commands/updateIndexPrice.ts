import { type Event, mulDivFloor, PPM, REJECT_CODES, type RejectCode, type UpdateIndexPrice } from '@keel/types';
import { INDEX_FUTURE_MS, INDEX_JUMP_FORGIVEN_MS } from '../limits.ts';
import { unpark } from '../liquidation/liquidateSuspects.ts';
import { isFresh } from '../prices/isFresh.ts';
import { renewMark } from '../prices/renewMark.ts';
import { type EngineState, findMarket } from '../state.ts';

/**
 * Takes a new index price and renews the mark. A jump beyond the market's bound is refused, so the old price goes
 * stale and new risk stops; once it has been stale for a minute the new level is believed. A halted market takes the
 * index and keeps its mark.
 */
export function updateIndexPrice(
  state: EngineState,
  { marketId, priceTicks, publishTimeMs }: UpdateIndexPrice,
  events: Event[],
): RejectCode | undefined {
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const { spec, indexTicks, indexTimeMs } = market;
  if (!Number.isSafeInteger(priceTicks) || priceTicks < 1 || priceTicks > spec.maxPriceTicks) {
    return REJECT_CODES.INDEX_PRICE_OUT_OF_RANGE;
  }
  if (publishTimeMs > state.timeMs + INDEX_FUTURE_MS) return REJECT_CODES.INDEX_PRICE_OUT_OF_RANGE;
  if (publishTimeMs <= indexTimeMs) return REJECT_CODES.INDEX_PRICE_OUTDATED;
  const jumps = Math.abs(priceTicks - indexTicks) > mulDivFloor(indexTicks, spec.indexJumpPpm, PPM);
  if (indexTicks > 0 && jumps && state.timeMs - indexTimeMs <= INDEX_JUMP_FORGIVEN_MS) {
    return REJECT_CODES.INDEX_PRICE_JUMP;
  }

  const wasStale = !isFresh(state, market);
  market.indexTicks = priceTicks;
  market.indexTimeMs = publishTimeMs;
  state.dirty.markets.add(marketId);
  events.push({ kind: 'indexPriceUpdated', marketId, indexTicks: priceTicks, publishTimeMs });
  unpark(state);
  if (market.tradingStatus !== 'halted') renewMark(state, market, wasStale, events);
  return undefined;
}
