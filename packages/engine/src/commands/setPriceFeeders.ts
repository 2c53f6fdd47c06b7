import {
  type Event,
  PRICE_FEEDER_WEIGHT_MAX,
  PRICE_FEEDERS_MAX,
  type PriceFeeder,
  REJECT_CODES,
  type RejectCode,
  type SetPriceFeeders,
} from '@keel/types';
import type { EngineState } from '../state.ts';

const ADDRESS = /^0x[0-9a-f]{40}$/;

/**
 * Says whose reports make prices from now on. What the old set agreed on stays as it is and is worth nothing for new
 * risk, withdrawals and liquidations until the new set has agreed on a price of its own.
 */
export function setPriceFeeders(
  state: EngineState,
  { feeders }: SetPriceFeeders,
  events: Event[],
): RejectCode | undefined {
  if (feeders.length > PRICE_FEEDERS_MAX || !feeders.every(isSound)) return REJECT_CODES.PRICE_FEEDERS_INVALID;
  state.feeders = feeders.map(({ feeder, weight }) => ({ feeder, weight }));
  for (const market of state.markets) {
    market.indexTimeMs = 0;
    state.dirty.markets.add(market.spec.marketId);
  }
  for (const collateral of state.collaterals) collateral.priceTimeMs = 0;
  events.push({ kind: 'priceFeedersSet', feeders: state.feeders });
  return undefined;
}

/** Ascending by address, so that a set has one form and nobody is in it twice. */
function isSound({ feeder, weight }: PriceFeeder, place: number, all: readonly PriceFeeder[]): boolean {
  if (!ADDRESS.test(feeder) || (place > 0 && all[place - 1]!.feeder >= feeder)) return false;
  return Number.isSafeInteger(weight) && weight >= 1 && weight <= PRICE_FEEDER_WEIGHT_MAX;
}
