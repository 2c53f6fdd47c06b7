import { CloseOutStage as CloseOutStageNumber } from '@keel/proto/certificate';
import { HyperliquidSource as HyperliquidSourceNumber } from '@keel/proto/command';
import { ProtectionCause as ProtectionCauseNumber, ResumeStage as ResumeStageNumber } from '@keel/proto/event';
import { AuctionEndReason as AuctionEndReasonNumber } from '@keel/proto/liquidation_event';
import {
  DeleverageRule as DeleverageRuleNumber,
  SafetyFund as SafetyFundNumber,
  TradingStatus as TradingStatusNumber,
} from '@keel/proto/market';
import {
  OrderCloseReason as OrderCloseReasonNumber,
  OrderGrouping as OrderGroupingNumber,
  OrderType as OrderTypeNumber,
  SelfTradePrevention as SelfTradePreventionNumber,
  SelfTradeScope as SelfTradeScopeNumber,
  Side as SideNumber,
  TimeInForce as TimeInForceNumber,
  TriggerKind as TriggerKindNumber,
} from '@keel/proto/order';
import {
  type CloseOutStage,
  type DeleverageRule,
  type Event,
  type HyperliquidSource,
  type OrderCloseReason,
  type OrderGrouping,
  type OrderType,
  type RejectCode,
  rejectName,
  type SafetyFund,
  type SelfTradePrevention,
  type SelfTradeScope,
  type Side,
  type TimeInForce,
  type TradingStatus,
  type TriggerKind,
} from '@keel/types';
import { CodecError } from './codecError.ts';

type AuctionEndReason = Extract<Event, { readonly kind: 'auctionEnded' }>['reason'];
type MarginCallLevel = Extract<Event, { readonly kind: 'marginCall' }>['levelPercent'];
type ResumeStage = Extract<Event, { readonly kind: 'marketResuming' }>['stage'];
type ProtectionCause = Extract<Event, { readonly kind: 'marketMakerProtectionFired' }>['cause'];

export const SIDE_NUMBERS = { buy: SideNumber.BUY, sell: SideNumber.SELL } as const satisfies Record<Side, number>;

export const ORDER_TYPE_NUMBERS = {
  limit: OrderTypeNumber.LIMIT,
  market: OrderTypeNumber.MARKET,
} as const satisfies Record<OrderType, number>;

export const TIME_IN_FORCE_NUMBERS = {
  gtc: TimeInForceNumber.GTC,
  gtt: TimeInForceNumber.GTT,
  ioc: TimeInForceNumber.IOC,
  fok: TimeInForceNumber.FOK,
  postOnly: TimeInForceNumber.POST_ONLY,
  postOnlySlide: TimeInForceNumber.POST_ONLY_SLIDE,
} as const satisfies Record<TimeInForce, number>;

export const SELF_TRADE_NUMBERS = {
  expireMaker: SelfTradePreventionNumber.EXPIRE_MAKER,
  expireTaker: SelfTradePreventionNumber.EXPIRE_TAKER,
  expireBoth: SelfTradePreventionNumber.EXPIRE_BOTH,
  decrement: SelfTradePreventionNumber.DECREMENT,
} as const satisfies Record<SelfTradePrevention, number>;

export const SELF_TRADE_SCOPE_NUMBERS = {
  account: SelfTradeScopeNumber.ACCOUNT,
  owner: SelfTradeScopeNumber.OWNER,
} as const satisfies Record<SelfTradeScope, number>;

export const TRIGGER_KIND_NUMBERS = {
  stop: TriggerKindNumber.STOP,
  takeProfit: TriggerKindNumber.TAKE_PROFIT,
  trailingStop: TriggerKindNumber.TRAILING_STOP,
} as const satisfies Record<TriggerKind, number>;

export const ORDER_GROUPING_NUMBERS = {
  none: OrderGroupingNumber.NONE,
  oneCancelsOther: OrderGroupingNumber.ONE_CANCELS_OTHER,
} as const satisfies Record<OrderGrouping, number>;

export const TRADING_STATUS_NUMBERS = {
  open: TradingStatusNumber.OPEN,
  postOnly: TradingStatusNumber.POST_ONLY,
  cancelOnly: TradingStatusNumber.CANCEL_ONLY,
  halted: TradingStatusNumber.HALTED,
} as const satisfies Record<TradingStatus, number>;

export const SAFETY_FUND_NUMBERS = {
  insurance: SafetyFundNumber.INSURANCE,
  backstop: SafetyFundNumber.BACKSTOP,
} as const satisfies Record<SafetyFund, number>;

export const DELEVERAGE_RULE_NUMBERS = {
  waterFilling: DeleverageRuleNumber.WATER_FILLING,
  profitLeverage: DeleverageRuleNumber.PROFIT_LEVERAGE,
  profitNotional: DeleverageRuleNumber.PROFIT_NOTIONAL,
} as const satisfies Record<DeleverageRule, number>;

export const CLOSE_OUT_STAGE_NUMBERS = {
  book: CloseOutStageNumber.BOOK,
  auction: CloseOutStageNumber.AUCTION,
  backstop: CloseOutStageNumber.BACKSTOP,
  deleverage: CloseOutStageNumber.DELEVERAGE,
} as const satisfies Record<CloseOutStage, number>;

export const AUCTION_END_REASON_NUMBERS = {
  filled: AuctionEndReasonNumber.FILLED,
  healthy: AuctionEndReasonNumber.HEALTHY,
  timeOver: AuctionEndReasonNumber.TIME_OVER,
  backstopDue: AuctionEndReasonNumber.BACKSTOP_DUE,
} as const satisfies Record<AuctionEndReason, number>;

export const RESUME_STAGE_NUMBERS = {
  awaitingPrice: ResumeStageNumber.AWAITING_PRICE,
  cancelOnly: ResumeStageNumber.CANCEL_ONLY,
  postOnly: ResumeStageNumber.POST_ONLY,
  grace: ResumeStageNumber.GRACE,
  done: ResumeStageNumber.DONE,
} as const satisfies Record<ResumeStage, number>;

export const PROTECTION_CAUSE_NUMBERS = {
  quantity: ProtectionCauseNumber.QUANTITY,
  delta: ProtectionCauseNumber.DELTA,
  count: ProtectionCauseNumber.COUNT,
} as const satisfies Record<ProtectionCause, number>;

export const ORDER_CLOSE_REASON_NUMBERS = {
  filled: OrderCloseReasonNumber.FILLED,
  cancelledByOwner: OrderCloseReasonNumber.CANCELLED_BY_OWNER,
  immediateRemainder: OrderCloseReasonNumber.IMMEDIATE_REMAINDER,
  selfTrade: OrderCloseReasonNumber.SELF_TRADE,
  reduceOnlyNothingLeft: OrderCloseReasonNumber.REDUCE_ONLY_NOTHING_LEFT,
  marginInsufficient: OrderCloseReasonNumber.MARGIN_INSUFFICIENT,
  openInterestLimit: OrderCloseReasonNumber.OPEN_INTEREST_LIMIT,
  liquidation: OrderCloseReasonNumber.LIQUIDATION,
  preLiquidation: OrderCloseReasonNumber.PRE_LIQUIDATION,
  expired: OrderCloseReasonNumber.EXPIRED,
  replaced: OrderCloseReasonNumber.REPLACED,
  linkedOrder: OrderCloseReasonNumber.LINKED_ORDER,
  cancelAllAfter: OrderCloseReasonNumber.CANCEL_ALL_AFTER,
  marketMakerProtection: OrderCloseReasonNumber.MARKET_MAKER_PROTECTION,
  triggerRefused: OrderCloseReasonNumber.TRIGGER_REFUSED,
  twapEnded: OrderCloseReasonNumber.TWAP_ENDED,
} as const satisfies Record<OrderCloseReason, number>;

export const HYPERLIQUID_SOURCE_NUMBERS = {
  a: HyperliquidSourceNumber.MAINNET,
  b: HyperliquidSourceNumber.TESTNET,
} as const satisfies Record<HyperliquidSource, number>;

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
export const fromSelfTrade = enumReader(SELF_TRADE_NUMBERS);
export const fromSelfTradeScope = enumReader(SELF_TRADE_SCOPE_NUMBERS);
export const fromTriggerKind = enumReader(TRIGGER_KIND_NUMBERS);
export const fromOrderGrouping = enumReader(ORDER_GROUPING_NUMBERS);
export const fromOrderCloseReason = enumReader(ORDER_CLOSE_REASON_NUMBERS);
export const fromTradingStatus = enumReader(TRADING_STATUS_NUMBERS);
export const fromProtectionCause = enumReader(PROTECTION_CAUSE_NUMBERS);
export const fromSafetyFund = enumReader(SAFETY_FUND_NUMBERS);
export const fromDeleverageRule = enumReader(DELEVERAGE_RULE_NUMBERS);
export const fromCloseOutStage = enumReader(CLOSE_OUT_STAGE_NUMBERS);
export const fromAuctionEndReason = enumReader(AUCTION_END_REASON_NUMBERS);
export const fromResumeStage = enumReader(RESUME_STAGE_NUMBERS);
export const fromHyperliquidSource = enumReader(HYPERLIQUID_SOURCE_NUMBERS);

/** A reject code that the table has. Throws CodecError UNKNOWN_VALUE. */
export function fromRejectCode(code: number, field: string): RejectCode {
  if (rejectName(code) === undefined) throw new CodecError('UNKNOWN_VALUE', field, `${code} is no reject code`);
  return code as RejectCode;
}

/** A reject code that the table has, or 0 = nothing was refused. Throws CodecError UNKNOWN_VALUE. */
export function fromRejectCodeOrZero(code: number, field: string): RejectCode | 0 {
  return code === 0 ? 0 : fromRejectCode(code, field);
}

/** A level of a margin call, in percent. Throws CodecError UNKNOWN_VALUE. */
export function fromMarginCallLevel(percent: number, field: string): MarginCallLevel {
  if (percent === 0 || percent === 75 || percent === 90) return percent;
  throw new CodecError('UNKNOWN_VALUE', field, `${percent} is no level`);
}
