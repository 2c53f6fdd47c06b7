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
export type { AuctionListener } from './followAuctions.ts';
export type { BookListener } from './followBook.ts';
export {
  type BatchOptions,
  KeelClient,
  type KeelClientOptions,
  type RestSubmitOptions,
  type SubmitOptions,
} from './keelClient.ts';
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
  AccountChange,
  AccountSummary,
  Acknowledged,
  Agent,
  AmendedOrder,
  AmendedOutcome,
  Balance,
  Batch,
  BatchOutcome,
  BestPrices,
  Book,
  BookChange,
  BookLevel,
  BookOrderChange,
  BookView,
  CancelledBatch,
  CancelledOrders,
  Candle,
  CandleInterval,
  Channel,
  ConnectionLimits,
  DeadManSwitch,
  Deposit,
  Fill,
  Fills,
  Frame,
  FundedSafety,
  FundingPayment,
  Market,
  OpenOrder,
  OrderFill,
  OrderUpdate,
  PlacedOrder,
  PlacedOutcome,
  Position,
  Protection,
  RefusedItem,
  ReplacedOrder,
  RequestedWithdrawal,
  Status,
  TakenAuction,
  Ticker,
  Trade,
  Transferred,
  TwapProgress,
  Withdrawal,
  WithdrawalRequest,
} from './wire.ts';
