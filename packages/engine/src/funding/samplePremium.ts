import { divFloor, mulDivFloor, PPM } from '@keel/types';
import type { EngineState, MarketState } from '../state.ts';
import { impactTicks } from './impactTicks.ts';

const PPB = 1_000_000_000;

/**
 * Adds one premium sample: (max(impact bid - index, 0) - max(index - impact ask, 0)) / index in 10^-9, rounded down
 * and kept inside the mark band. A side too thin for an impact price counts as no premium.
 */
export function samplePremium(state: EngineState, market: MarketState): void {
  const { indexTicks, spec } = market;
  const bid = impactTicks(market, 'buy') ?? indexTicks;
  const ask = impactTicks(market, 'sell') ?? indexTicks;
  const premiumTicks = Math.max(bid - indexTicks, 0) - Math.max(indexTicks - ask, 0);
  // A bid may be any number of times the index. The band is below 100 %, so cutting there changes no sample.
  const cutTicks = Math.min(premiumTicks, indexTicks);
  const highestPpb = divFloor(spec.markBandPpm * PPB, PPM);
  const premiumPpb = mulDivFloor(cutTicks, PPB, indexTicks);
  market.premiumSumPpb += Math.min(Math.max(premiumPpb, -highestPpb), highestPpb);
  market.premiumSamples += 1;
  state.dirty.markets.add(spec.marketId);
}
