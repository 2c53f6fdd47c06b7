import { type AssetId, type Event, type MarketId, mulDivFloor, PPM, type Ppm, type PriceTicks } from '@keel/types';
import { INDEX_JUMP_FORGIVEN_MS } from '../limits.ts';
import type { EngineState } from '../state.ts';

/** A price that has its circuit band: that of a market or of a collateral asset. One of the two ids is 0. */
export interface BandedPrice {
  readonly marketId: MarketId | 0;
  readonly assetId: AssetId | 0;
  /** 0 = there is none yet, and any is believed. */
  readonly fromTicks: PriceTicks | 0;
  readonly jumpPpm: Ppm;
  /** Where the price that waits to be believed is kept. */
  readonly kept: { jumpTicks: PriceTicks | 0; jumpSinceMs: number };
}

/**
 * Whether an agreed price is taken. One beyond the circuit band stands beside the old price, and is taken when agreed
 * prices have stayed in the band round it for INDEX_JUMP_FORGIVEN_MS; one that leaves that band starts anew. A price back
 * inside the band of the old one is taken at once.
 */
export function believePrice(
  state: EngineState,
  { marketId, assetId, fromTicks, jumpPpm, kept }: BandedPrice,
  priceTicks: PriceTicks,
  events: Event[],
): boolean {
  const jumps = fromTicks > 0 && isBeyond(fromTicks, priceTicks, jumpPpm);
  if (jumps) {
    if (kept.jumpTicks === 0 || isBeyond(kept.jumpTicks, priceTicks, jumpPpm)) {
      kept.jumpTicks = priceTicks;
      kept.jumpSinceMs = state.timeMs;
      events.push({ kind: 'priceBandTripped', marketId, assetId, fromTicks, reportedTicks: priceTicks });
      return false;
    }
    if (state.timeMs - kept.jumpSinceMs < INDEX_JUMP_FORGIVEN_MS) return false;
  }
  if (kept.jumpTicks === 0) return true;
  kept.jumpTicks = 0;
  kept.jumpSinceMs = 0;
  events.push({ kind: 'priceBandReleased', marketId, assetId, priceTicks });
  return true;
}

function isBeyond(fromTicks: PriceTicks, toTicks: PriceTicks, bandPpm: Ppm): boolean {
  return Math.abs(toTicks - fromTicks) > mulDivFloor(fromTicks, bandPpm, PPM);
}
