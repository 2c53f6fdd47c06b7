import type { Side, SizeLots } from '@keel/types';
import type { Holding, MarketState } from '../state.ts';
import type { NewOrder } from './expectedFills.ts';

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

/**
 * Whether the position could ever pass the market's limit once the order is in. An opposite position gives no room to
 * orders that rest, because it may be gone before they fill: reduce-only orders and close-outs ask nobody. Resting
 * reduce-only orders do not count; they end at no position.
 */
export function exceedsPositionLimit(
  { spec }: MarketState,
  holding: Holding | undefined,
  { side, sizeLots, timeInForce }: NewOrder,
): boolean {
  let restingLots = 0;
  for (const order of holding?.orders ?? []) {
    if (order.side === side && !order.reduceOnly) restingLots += order.remainingLots;
  }
  const heldLots = side === 'buy' ? (holding?.sizeLots ?? 0) : 0 - (holding?.sizeLots ?? 0);
  const orderLots = timeInForce === 'ioc' ? Math.max(heldLots + sizeLots, 0) : Math.max(heldLots, 0) + sizeLots;
  return restingLots + orderLots > spec.maxPositionLots;
}
