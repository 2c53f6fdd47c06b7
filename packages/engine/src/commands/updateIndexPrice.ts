import { agreePrice, type Event, REJECT_CODES, type RejectCode, type UpdateIndexPrice } from '@keel/types';
import { unpark } from '../liquidation/unpark.ts';
import { believePrice } from '../prices/believePrice.ts';
import { marketPermits } from '../prices/permissions.ts';
import { renewMark } from '../prices/renewMark.ts';
import { resumeWithPrice } from '../prices/resume.ts';
import { type EngineState, findMarket } from '../state.ts';

/**
 * Takes the index price that the feeders agree on and renews the mark. A jump beyond the market's circuit band stands
 * beside the old index, see `believePrice`: meanwhile nobody takes new risk or is liquidated. A market in a halt
 * takes the index and keeps its mark; one that comes back from it goes on with the first index of its own.
 */
export function updateIndexPrice(
  state: EngineState,
  { marketId, reports }: UpdateIndexPrice,
  events: Event[],
): RejectCode | undefined {
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const { spec, indexTicks } = market;
  const agreed = agreePrice({
    feeders: state.feeders,
    reports,
    nowMs: state.timeMs,
    maxPriceTicks: spec.maxPriceTicks,
    staleMs: spec.indexStaleMs,
    lastReports: market.reports,
    lastPublishTimeMs: market.indexTimeMs,
  });
  if (typeof agreed === 'number') return agreed;

  state.dirty.markets.add(marketId);
  const { priceTicks, publishTimeMs, counted, dropped } = agreed;
  const band = { marketId, assetId: 0, fromTicks: indexTicks, jumpPpm: spec.indexJumpPpm, kept: market } as const;
  const couldLiquidate = marketPermits(state, market, 'liquidate');
  const paused = !marketPermits(state, market, 'movePrices');
  if (!believePrice(state, band, priceTicks, events)) return undefined;
  market.indexTicks = priceTicks;
  market.indexTimeMs = publishTimeMs;
  market.perpTicks = agreed.perpTicks;
  market.reports = counted;
  events.push({
    kind: 'indexPriceUpdated',
    marketId,
    indexTicks: priceTicks,
    publishTimeMs,
    countedReports: counted.length,
    droppedReports: dropped.length,
  });
  if (!couldLiquidate && marketPermits(state, market, 'liquidate')) unpark(state);
  resumeWithPrice(state, market, events);
  if (marketPermits(state, market, 'movePrices')) renewMark(state, market, paused, events);
  return undefined;
}
