import { agreePrice, type Event, REJECT_CODES, type RejectCode, type UpdateCollateralPrice } from '@keel/types';
import { unpark } from '../liquidation/unpark.ts';
import { suspectHolders } from '../liquidation/watchAccount.ts';
import { believePrice } from '../prices/believePrice.ts';
import { collateralPermits } from '../prices/permissions.ts';
import type { EngineState } from '../state.ts';

/** Takes the price of a collateral asset that the feeders agree on; a jump waits to be believed, as that of an index. */
export function updateCollateralPrice(
  state: EngineState,
  { assetId, reports }: UpdateCollateralPrice,
  events: Event[],
): RejectCode | undefined {
  const collateral = state.collaterals[assetId - 1];
  if (collateral === undefined) return REJECT_CODES.ASSET_UNKNOWN;
  const { spec } = collateral;
  const agreed = agreePrice({
    feeders: state.feeders,
    reports,
    nowMs: state.timeMs,
    maxPriceTicks: spec.maxPriceTicks,
    staleMs: spec.priceStaleMs,
    lastReports: collateral.reports,
    lastPublishTimeMs: collateral.priceTimeMs,
  });
  if (typeof agreed === 'number') return agreed;

  const { priceTicks, publishTimeMs, counted } = agreed;
  const { priceTicks: fromTicks } = collateral;
  const band = { marketId: 0, assetId, fromTicks, jumpPpm: spec.priceJumpPpm, kept: collateral } as const;
  const couldLiquidate = collateralPermits(state, collateral, 'liquidate');
  if (!believePrice(state, band, priceTicks, events)) return undefined;
  collateral.priceTicks = priceTicks;
  suspectHolders(state, collateral);
  collateral.priceTimeMs = publishTimeMs;
  collateral.reports = counted;
  events.push({ kind: 'collateralPriceUpdated', assetId, priceTicks, publishTimeMs });
  if (!couldLiquidate && collateralPermits(state, collateral, 'liquidate')) unpark(state);
  return undefined;
}
