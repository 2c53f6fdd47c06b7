import type { OrderUpdateDoc } from '@keel/redis';
import { type OrderCloseReason, type RejectName, rejectName } from '@keel/types';

/** What clients know of how an order stands. */
export type OrderStatus =
  | 'open'
  | 'filled'
  | 'canceled'
  | 'triggered'
  | 'rejected'
  | 'marginCanceled'
  | 'openInterestCapCanceled'
  | 'selfTradeCanceled'
  | 'reduceOnlyCanceled'
  | 'siblingFilledCanceled'
  | 'liquidatedCanceled'
  | 'scheduledCancel'
  | 'minTradeNtlRejected'
  | 'perpMarginRejected'
  | 'reduceOnlyRejected'
  | 'badAloPxRejected'
  | 'iocCancelRejected'
  | 'marketOrderNoLiquidityRejected'
  | 'positionIncreaseAtOpenInterestCapRejected'
  | 'oracleRejected'
  | 'tooManyOpenOrdersRejected';

/** An order that ended for a reason that clients have no word for was cancelled. */
const STATUS_OF_REASON: Readonly<Record<OrderCloseReason, OrderStatus>> = {
  filled: 'filled',
  cancelledByOwner: 'canceled',
  immediateRemainder: 'canceled',
  selfTrade: 'selfTradeCanceled',
  reduceOnlyNothingLeft: 'reduceOnlyCanceled',
  marginInsufficient: 'marginCanceled',
  openInterestLimit: 'openInterestCapCanceled',
  liquidation: 'liquidatedCanceled',
  preLiquidation: 'marginCanceled',
  expired: 'canceled',
  replaced: 'canceled',
  linkedOrder: 'siblingFilledCanceled',
  cancelAllAfter: 'scheduledCancel',
  marketMakerProtection: 'canceled',
  triggerRefused: 'rejected',
  twapEnded: 'canceled',
};

/** Why an order was refused when it fired. */
const STATUS_OF_REFUSAL: Readonly<Partial<Record<RejectName, OrderStatus>>> = {
  INSUFFICIENT_MARGIN: 'perpMarginRejected',
  LEVERAGE_NOT_COVERED: 'perpMarginRejected',
  REDUCE_ONLY_WOULD_INCREASE: 'reduceOnlyRejected',
  POST_ONLY_WOULD_CROSS: 'badAloPxRejected',
  FILL_OR_KILL_UNFILLABLE: 'iocCancelRejected',
  OPEN_INTEREST_LIMIT_EXCEEDED: 'positionIncreaseAtOpenInterestCapRejected',
  CONCENTRATION_LIMIT_EXCEEDED: 'positionIncreaseAtOpenInterestCapRejected',
  PRICE_OUTSIDE_BAND: 'oracleRejected',
  NOTIONAL_TOO_SMALL: 'minTradeNtlRejected',
  TOO_MANY_OPEN_ORDERS: 'tooManyOpenOrdersRejected',
};

/** What became of an order that could trade nothing at once counts as a refusal to these clients, not as a cancel. */
export function orderStatus(update: OrderUpdateDoc): OrderStatus {
  const { state, closeReason, closeCode, order } = update;
  if (state === 'open' || state === 'triggered') return state;
  if (state === 'filled' || closeReason === undefined) return 'filled';
  if (closeReason === 'immediateRemainder' && order.filledLots === 0)
    return order.orderType === 'market' ? 'marketOrderNoLiquidityRejected' : 'iocCancelRejected';
  const refusal = rejectName(closeCode);
  return (refusal === undefined ? undefined : STATUS_OF_REFUSAL[refusal]) ?? STATUS_OF_REASON[closeReason];
}
