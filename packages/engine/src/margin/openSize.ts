import type { Side, SizeLots } from '@keel/types';
import type { Holding, MarketState } from '../state.ts';

/** Lots of the account's resting orders on one side of one market. */
function restingLots(holding: Holding, side: Side): SizeLots {
  let lots = 0;
  for (const order of holding.orders) if (order.side === side) lots += order.remainingLots;
  return lots;
}

/** Lots that an order of this side can take off the position: 0 without one, or when it would add to it. */
export function reducibleLots(holding: Holding | undefined, side: Side): SizeLots {
  if (holding === undefined) return 0;
  return Math.max(0, side === 'sell' ? holding.sizeLots : 0 - holding.sizeLots);
}

/** Whether the order, with all that already rests on its side, can only make the position smaller. */
export function reducesOnly(holding: Holding | undefined, side: Side, sizeLots: SizeLots): boolean {
  if (holding === undefined) return false;
  return restingLots(holding, side) + sizeLots <= reducibleLots(holding, side);
}

/** Whether the position could pass the market's limit if everything on the order's side were filled. */
export function exceedsPositionLimit(
  { spec }: MarketState,
  holding: Holding | undefined,
  side: Side,
  sizeLots: SizeLots,
): boolean {
  if (holding === undefined) return sizeLots > spec.maxPositionLots;
  const signed = side === 'buy' ? holding.sizeLots : -holding.sizeLots;
  return signed + restingLots(holding, side) + sizeLots > spec.maxPositionLots;
}
