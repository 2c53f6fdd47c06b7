import {
  OrderCloseReason as OrderCloseReasonNumber,
  OrderType as OrderTypeNumber,
  Side as SideNumber,
  TimeInForce as TimeInForceNumber,
} from '@keel/proto/order';
import {
  type OrderCloseReason,
  type OrderType,
  type RejectCode,
  rejectName,
  type Side,
  type TimeInForce,
} from '@keel/types';
import { CodecError } from './codecError.ts';

export const SIDE_NUMBERS = { buy: SideNumber.BUY, sell: SideNumber.SELL } as const satisfies Record<Side, number>;

export const ORDER_TYPE_NUMBERS = {
  limit: OrderTypeNumber.LIMIT,
  market: OrderTypeNumber.MARKET,
} as const satisfies Record<OrderType, number>;

export const TIME_IN_FORCE_NUMBERS = {
  gtc: TimeInForceNumber.GTC,
  ioc: TimeInForceNumber.IOC,
  postOnly: TimeInForceNumber.POST_ONLY,
} as const satisfies Record<TimeInForce, number>;

export const ORDER_CLOSE_REASON_NUMBERS = {
  filled: OrderCloseReasonNumber.FILLED,
  cancelledByOwner: OrderCloseReasonNumber.CANCELLED_BY_OWNER,
  immediateRemainder: OrderCloseReasonNumber.IMMEDIATE_REMAINDER,
  selfTrade: OrderCloseReasonNumber.SELF_TRADE,
  reduceOnlyNothingLeft: OrderCloseReasonNumber.REDUCE_ONLY_NOTHING_LEFT,
  marginInsufficient: OrderCloseReasonNumber.MARGIN_INSUFFICIENT,
  liquidation: OrderCloseReasonNumber.LIQUIDATION,
} as const satisfies Record<OrderCloseReason, number>;

/** The way back from wire number to name; zero and unknown numbers throw CodecError UNKNOWN_VALUE. */
export function enumReader<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
): (value: number, field: string) => Name {
  const names: (Name | undefined)[] = [];
  for (const name of Object.keys(numbers) as Name[]) names[numbers[name]] = name;
  return (value, field) => {
    const name = names[value];
    if (name === undefined) throw new CodecError('UNKNOWN_VALUE', field, `${value} has no meaning`);
    return name;
  };
}

export const fromSide = enumReader(SIDE_NUMBERS);
export const fromOrderType = enumReader(ORDER_TYPE_NUMBERS);
export const fromTimeInForce = enumReader(TIME_IN_FORCE_NUMBERS);
export const fromOrderCloseReason = enumReader(ORDER_CLOSE_REASON_NUMBERS);

/** A reject code that the table has. Throws CodecError UNKNOWN_VALUE. */
export function fromRejectCode(code: number, field: string): RejectCode {
  if (rejectName(code) === undefined) throw new CodecError('UNKNOWN_VALUE', field, `${code} is no reject code`);
  return code as RejectCode;
}
