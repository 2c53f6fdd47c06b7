export type { Listener, Subscription } from './channelSet.ts';
export type { BookListener } from './followBook.ts';
export { KeelClient, type KeelClientOptions, type SubmitOptions } from './keelClient.ts';
export { type ClientCode, KeelError } from './keelError.ts';
export { LocalBook } from './localBook.ts';
export type { ReconnectBounds } from './reconnectDelay.ts';
export type { Signer } from './signer.ts';
export type {
  Account,
  Acknowledged,
  Agent,
  Batch,
  Book,
  BookChange,
  BookLevel,
  CancelledOrders,
  Candle,
  Channel,
  Fill,
  Fills,
  Frame,
  Liquidation,
  Market,
  NewOrder,
  OpenOrder,
  OrderFill,
  PlacedOrder,
  Position,
  RequestedWithdrawal,
  Status,
  Trade,
  Withdrawal,
} from './wire.ts';
