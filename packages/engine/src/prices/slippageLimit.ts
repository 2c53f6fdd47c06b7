import { mulDivCeil, mulDivFloor, PPM, type PriceTicks, type Side } from '@keel/types';
import type { MarketState } from '../state.ts';

/** Worst price of a market order that names none: mark +- the market's cap, rounded towards mark. */
export function slippageLimitTicks({ spec, markTicks }: MarketState, side: Side): PriceTicks {
  return side === 'buy'
    ? Math.min(spec.maxPriceTicks, mulDivFloor(markTicks, PPM + spec.marketSlippagePpm, PPM))
    : Math.max(1, mulDivCeil(markTicks, PPM - spec.marketSlippagePpm, PPM));
}
