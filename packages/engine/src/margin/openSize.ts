import { mulDivFloor, PPM, type Side, type SizeLots } from '@keel/types';
import { findHolding } from '../holdings.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { AccountState, Holding, MarketState } from '../state.ts';
import type { NewOrder } from './spareAtomsAfter.ts';

/** Lots that an order of this side can take off the position: 0 without one, or when it would add to it. */
export function reducibleLots(holding: Holding | undefined, side: Side): SizeLots {
  if (holding === undefined) return 0;
  return Math.max(0, side === 'sell' ? holding.sizeLots : 0 - holding.sizeLots);
}

/**
 * Whether the order, with all that already rests on its side, can only make the position smaller. `instead` is a
 * resting order that goes when this one comes.
 */
export function reducesOnly(
  holding: Holding | undefined,
  side: Side,
  sizeLots: SizeLots,
  instead: OrderRecord | undefined,
): boolean {
  if (holding === undefined || reducibleLots(holding, side) === 0) return false;
  let lots = addingLots(holding, side, instead);
  if (holding.restingReduceOnly > 0) {
    for (const order of holding.resting) {
      if (order.reduceOnly && order.side === side && order !== instead) lots += order.remainingLots;
    }
  }
  return lots + sizeLots <= reducibleLots(holding, side);
}

/**
 * Whether the position could ever pass the market's limit once the order is in. An opposite position gives no room to
 * orders that rest, because it may be gone before they fill: reduce-only orders and close-outs ask nobody. Resting
 * reduce-only orders do not count; they end at no position.
 */
export function exceedsPositionLimit(
  { spec }: MarketState,
  holding: Holding | undefined,
  order: NewOrder,
  instead: OrderRecord | undefined,
): boolean {
  return largestLots(holding, order, instead) > spec.maxPositionLots;
}

/** What the position on the order's side could become with all that rests there and the order. */
function largestLots(
  holding: Holding | undefined,
  { side, sizeLots, mayRest }: NewOrder,
  instead: OrderRecord | undefined,
): SizeLots {
  const resting = holding === undefined ? 0 : addingLots(holding, side, instead);
  const heldLots = side === 'buy' ? (holding?.sizeLots ?? 0) : 0 - (holding?.sizeLots ?? 0);
  return resting + (mayRest ? Math.max(heldLots, 0) + sizeLots : Math.max(heldLots + sizeLots, 0));
}

/**
 * Whether the owner's accounts together could hold more of one side than the market lets one owner hold: a part of open
 * interest as it is now, or the floor where that is more. Each account counts as in `exceedsPositionLimit`, long and short
 * apart: what one account is short frees nothing for another. A backstop vault takes what it must.
 */
export function exceedsConcentration(
  account: AccountState,
  market: MarketState,
  order: NewOrder,
  instead: OrderRecord | undefined,
): boolean {
  const { spec, openInterestLots } = market;
  if (spec.concentrationPpm === 0 || account.backstopOf !== undefined) return false;
  const mostLots = Math.max(spec.concentrationFloorLots, mulDivFloor(openInterestLots, spec.concentrationPpm, PPM));
  const { main } = account;
  let lots = largestLots(findHolding(account, market), order, instead);
  if (main !== account) lots += lotsOnSide(main, market, order.side);
  for (const other of main.others) if (other !== account) lots += lotsOnSide(other, market, order.side);
  return lots > mostLots;
}

/** What an account's position on one side could become by the orders that rest there. */
function lotsOnSide(account: AccountState, market: MarketState, side: Side): SizeLots {
  const holding = findHolding(account, market);
  return holding === undefined
    ? 0
    : reducibleLots(holding, side === 'buy' ? 'sell' : 'buy') + addingLots(holding, side, undefined);
}

/** Whether open interest could pass the market's limit by this order alone. Lots that close an opposite position add none. */
export function exceedsOpenInterest(
  { spec, openInterestLots }: MarketState,
  holding: Holding | undefined,
  { side, sizeLots }: NewOrder,
): boolean {
  const addedLots = Math.max(0, sizeLots - reducibleLots(holding, side));
  return addedLots > 0 && openInterestLots + addedLots > spec.maxOpenInterestLots;
}

/** Lots of the resting orders on one side that are not reduce-only. */
function addingLots(holding: Holding, side: Side, instead: OrderRecord | undefined): SizeLots {
  const lots = side === 'buy' ? holding.restingBuyLots : holding.restingSellLots;
  const goes = instead !== undefined && instead.holding === holding && isCounted(instead, side);
  return goes ? lots - instead.remainingLots : lots;
}

function isCounted({ state, side, reduceOnly }: OrderRecord, counted: Side): boolean {
  return state === 'resting' && side === counted && !reduceOnly;
}
