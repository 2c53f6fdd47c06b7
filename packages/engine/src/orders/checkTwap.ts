import {
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  divFloor,
  type PlaceTwap,
  REJECT_CODES,
  type RejectCode,
  TWAP_DURATION_MS_MAX,
  TWAP_DURATION_MS_MIN,
  TWAP_SLICE_MS_MIN,
} from '@keel/types';
import { isPlainText } from '../isPlainText.ts';
import { isFrozen } from '../protection/countMakerFill.ts';
import type { AccountState, MarketState } from '../state.ts';
import { isCount, isTooSmall } from './checkFit.ts';
import { checkStatus, isFull, isOfAnother } from './checkNow.ts';

/** Faults of a TWAP order, in the order of REJECT_CODES. Each slice is checked again, as an order, when its time comes. */
export function checkTwap(account: AccountState, market: MarketState, command: PlaceTwap): RejectCode | undefined {
  const { sizeLots, reduceOnly, clientOrderId } = command;
  if (!isCount(sizeLots, 1, market.spec.maxPositionLots)) return REJECT_CODES.SIZE_OUT_OF_RANGE;
  if (!reduceOnly && slicesAreTooSmall(market, command)) return REJECT_CODES.NOTIONAL_TOO_SMALL;
  if (!isPlainText(clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX)) return REJECT_CODES.CLIENT_ORDER_ID_INVALID;
  if (!scheduleFits(command)) return REJECT_CODES.SCHEDULE_INVALID;
  if (isOfAnother(account, market)) return REJECT_CODES.MARKET_NOT_OF_SUBACCOUNT;
  const closed = checkStatus(market, 'ioc');
  if (closed !== undefined) return closed;
  if (market.markTicks === 0) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (account.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  if (!reduceOnly && isFrozen(account, market)) return REJECT_CODES.MARKET_MAKER_PROTECTION_ACTIVE;
  if (isFull(account, undefined, 1)) return REJECT_CODES.TOO_MANY_OPEN_ORDERS;
  return undefined;
}

/** What no schedule has is left to the check of the schedule. */
function slicesAreTooSmall(market: MarketState, { sizeLots, slices }: PlaceTwap): boolean {
  return isCount(slices, 1, Number.MAX_SAFE_INTEGER) && isTooSmall(market, 0, divFloor(sizeLots, slices));
}

function scheduleFits({ durationMs, slices, sizeLots }: PlaceTwap): boolean {
  if (!isCount(durationMs, TWAP_DURATION_MS_MIN, TWAP_DURATION_MS_MAX)) return false;
  return isCount(slices, 2, sizeLots) && durationMs >= TWAP_SLICE_MS_MIN * (slices - 1);
}
