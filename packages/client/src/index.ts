export type { Listener, Subscription } from './channelSet.ts';
export type { BookListener } from './followBook.ts';
export { type BatchOptions, KeelClient, type KeelClientOptions, type SubmitOptions } from './keelClient.ts';
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
export type { Signer } from './signer.ts';
export type {
  Account,
  Acknowledged,
  Agent,
  AmendedOrder,
  AmendedOutcome,
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
  Liquidation,
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
  Trade,
  TwapProgress,
  Withdrawal,
} from './wire.ts';
