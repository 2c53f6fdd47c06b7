export type {
  Budget,
  Explainable,
  Explanation,
  FaucetGift,
  FundingRate,
  MarketBestPrices,
  MarketBookOrders,
  OrderState,
} from './answerWire.ts';
export type { Listener, Subscription } from './channelSet.ts';
export type {
  AccountChange,
  BestPrices,
  BookChange,
  BookOrderChange,
  BookView,
  Channel,
  ConnectionLimits,
  Deposit,
  Frame,
  FundingPayment,
  OrderUpdate,
  Ticker,
  WithdrawalRequest,
} from './channelWire.ts';
export type { BatchOptions, KeelClientOptions, RestSubmitOptions, SubmitOptions } from './clientOptions.ts';
export type {
  Acknowledged,
  AmendedOrder,
  AmendedOutcome,
  BatchOutcome,
  CancelledBatch,
  CancelledOrders,
  DeadManSwitch,
  FundedSafety,
  OrderFill,
  PlacedOrder,
  PlacedOutcome,
  RefusedItem,
  ReplacedOrder,
  RequestedWithdrawal,
  TakenAuction,
  Transferred,
} from './commandWire.ts';
export type { AuctionListener } from './followAuctions.ts';
export type { BookListener } from './followBook.ts';
export { KeelClient } from './keelClient.ts';
export { type ClientCode, KeelError } from './keelError.ts';
export type { ArmedCancel, KeepCancelOptions } from './keepArmed.ts';
export type { ListOwner, Lists, Page, PageOptions } from './lists.ts';
export { LocalBook } from './localBook.ts';
export type {
  Amendment,
  Exit,
  MarketMakerProtection,
  NewOrder,
  NewScale,
  NewTrigger,
  NewTwap,
  OrderRef,
} from './orders.ts';
export type { ReconnectBounds } from './reconnectDelay.ts';
export type {
  Auction,
  AuctionChange,
  CertificateFile,
  Collateral,
  EndedAuction,
  Liquidation,
  MarginEvent,
  PriceQuality,
  PriceReports,
} from './riskWire.ts';
export type { Signer } from './signer.ts';
export type {
  Account,
  AccountSummary,
  Agent,
  Balance,
  Batch,
  Book,
  BookLevel,
  Candle,
  CandleInterval,
  Fill,
  Fills,
  Market,
  OpenOrder,
  Position,
  Protection,
  Status,
  Trade,
  TwapProgress,
  Withdrawal,
} from './wire.ts';
