export { accountsOfLiquidation } from './accountsOfLiquidation.ts';
export { RedisUnreachable } from './connectRedis.ts';
export type {
  AccountDoc,
  AgentDoc,
  BatchDoc,
  BatchStatus,
  CandleDoc,
  CandleInterval,
  ExchangeDoc,
  FillDoc,
  HeadDoc,
  LiquidationDoc,
  LiquidationEvent,
  MarketDoc,
  OrderDoc,
  PositionDoc,
  ReadHead,
  TradeDoc,
  WithdrawalDoc,
  WithdrawalStatus,
} from './documents.ts';
export type {
  AccountView,
  At,
  Book,
  EventListener,
  ReadModel,
  ReadModelWriter,
  SettlementEvent,
  SettlementWriter,
  WriteOutcome,
} from './interfaces.ts';
export {
  BATCHES_MAX,
  CANDLES_PER_MARKET_MAX,
  EVENTS_MAX,
  FILLS_PER_ACCOUNT_MAX,
  LIQUIDATIONS_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  SETTLEMENT_EVENTS_MAX,
  TRADES_PER_MARKET_MAX,
  WITHDRAWALS_MAX,
} from './keys.ts';
export { type EventStream, openEventStream } from './openEventStream.ts';
export { BOOK_DEPTH_MAX, openReadModel, ReadModelUnavailable, SETTLEMENT_LIMIT_MAX } from './openReadModel.ts';
export { openReadModelWriter } from './openReadModelWriter.ts';
export { openSettlementWriter } from './openSettlementWriter.ts';
export {
  type ClosedOrder,
  emptyStateDiff,
  type FullReadModel,
  type HistoryDocs,
  type LevelDoc,
  type Publication,
  type RevokedAgent,
  type StateDiff,
} from './stateDiff.ts';
