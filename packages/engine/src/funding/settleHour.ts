import {
  assert,
  assertSafeInteger,
  divFloor,
  type Event,
  FUNDING_INDEX_SCALE,
  mulDivFloor,
  notionalAtoms,
} from '@keel/types';
import { FUNDING_INTEREST_CLAMP_PPB, FUNDING_RATE_HOURS } from '../limits.ts';
import { countFunding, suspectLosers } from '../liquidation/watchAccount.ts';
import { marketPermits } from '../prices/permissions.ts';
import type { EngineState, MarketState } from '../state.ts';

const PPB = 1_000_000_000;

/** Turns the hour's samples into a rate and moves the funding index by it; who may have lost too much is looked at afterwards. */
export function settleHour(state: EngineState, market: MarketState, events: Event[]): void {
  const { spec } = market;
  const ratePpb = marketPermits(state, market, 'settleFunding') ? hourlyRatePpb(market) : 0;
  // One long lot owes rate * index price; in 10^-6 atoms, rounded down. Settling rounds against each account.
  const perLot = mulDivFloor(notionalAtoms(spec, market.indexTicks, 1) * FUNDING_INDEX_SCALE, ratePpb, PPB);
  const capPerLot = mulDivFloor(
    notionalAtoms(spec, market.indexTicks, 1) * FUNDING_INDEX_SCALE,
    spec.fundingCapPpb,
    PPB,
  );
  assert(Math.abs(perLot) <= capPerLot + 1, `funding index of market ${spec.marketId} jumps by ${perLot}`);
  market.fundingIndex = assertSafeInteger(market.fundingIndex + perLot, 'funding index');
  countFunding(state, market, perLot);
  market.fundingRatePpb = ratePpb;
  market.premiumSumPpb = 0;
  market.premiumSamples = 0;
  state.dirty.markets.add(spec.marketId);
  if (perLot !== 0) suspectLosers(state, market);
  events.push({ kind: 'fundingRateSettled', marketId: spec.marketId, ratePpb, fundingIndex: market.fundingIndex });
}

/**
 * (average premium + clamp(interest - average, +-0.05 %)) / 8, within the market's cap; both divisions round down.
 * An hour without a sample had no price, and no funding.
 */
export function hourlyRatePpb({ spec, premiumSumPpb, premiumSamples }: MarketState): number {
  if (premiumSamples === 0) return 0;
  const average = divFloor(premiumSumPpb, premiumSamples);
  const pull = Math.min(
    Math.max(spec.fundingInterestPpb - average, -FUNDING_INTEREST_CLAMP_PPB),
    FUNDING_INTEREST_CLAMP_PPB,
  );
  const rate = divFloor(average + pull, FUNDING_RATE_HOURS);
  return Math.min(Math.max(rate, -spec.fundingCapPpb), spec.fundingCapPpb);
}
