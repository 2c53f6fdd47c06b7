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
  Acknowledged,
  Agent,
  AmendedOrder,
  AmendedOutcome,
  Balance,
  Batch,
  BatchOutcome,
  Book,
  BookChange,
  BookLevel,
  CancelledBatch,
  CancelledOrders,
  Candle,
  Channel,
  DeadManSwitch,
  Fill,
  Fills,
  Frame,
  FundedSafety,
  Market,
  OpenOrder,
  OrderFill,
  PlacedOrder,
  PlacedOutcome,
  Position,
  Protection,
  RefusedItem,
  ReplacedOrder,
  RequestedWithdrawal,
  Status,
  TakenAuction,
  Trade,
  Transferred,
  TwapProgress,
  Withdrawal,
} from './wire.ts';
