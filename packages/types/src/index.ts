export { AssertionError, assert, assertSafeInteger } from './assert.ts';
export type {
  AdvanceTime,
  ApproveAgent,
  Authorization,
  CancelAllOrders,
  CancelOrder,
  Command,
  CreditDeposit,
  ListMarket,
  PlaceOrder,
  RevokeAgent,
  SealBatch,
  SequencedCommand,
  SignedCommand,
  UpdateIndexPrice,
  Withdraw,
} from './command.ts';
export { type DecimalFault, formatDecimal, parseDecimal } from './decimal.ts';
export type { Event, EventBlock, EventKind, OrderCloseReason, OrderFilled } from './event.ts';
export {
  type AccountId,
  type Address,
  type Hex,
  type MarketId,
  type OrderId,
  type Sequence,
  toAccountId,
  toMarketId,
  toOrderId,
  toSequence,
} from './ids.ts';
export {
  AGENT_NAME_CHARACTERS_MAX,
  AGENTS_PER_ACCOUNT_MAX,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  COLLATERAL_ATOMS_MAX,
  MARKETS_MAX,
  NONCE_FUTURE_MS,
  NONCE_PAST_MS,
  NONCE_WINDOW,
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  WITHDRAWAL_ATOMS_MIN,
} from './limits.ts';
export {
  type AccountMargin,
  accountMargin,
  entryPriceTicks,
  equityAtoms,
  FUNDING_INDEX_SCALE,
  fundingOwedAtoms,
  initialMarginAtoms,
  liquidationPriceTicks,
  type MarginPosition,
  maintenanceMarginAtoms,
  notionalAtoms,
  type OpenOrderTerms,
  unrealisedAtoms,
  withdrawableAtoms,
} from './margin.ts';
export type { MarketSpec } from './market.ts';
export type { OrderType, RestingOrder, Side, TimeInForce } from './order.ts';
export { REJECT_CODES, type RejectCode, type RejectName, rejectName } from './rejectCode.ts';
export type { MarketStatus, SealedBatch, SealedWithdrawal, SequencerStatus } from './settlement.ts';
export {
  divCeil,
  divCeilBig,
  divFloor,
  divFloorBig,
  mulDivCeil,
  mulDivFloor,
  mulExact,
  PPM,
  type Ppm,
  type PriceTicks,
  QUOTE_DECIMALS,
  type QuoteAtoms,
  type SizeLots,
  type TimeMs,
} from './units.ts';
