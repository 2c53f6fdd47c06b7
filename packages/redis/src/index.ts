export { accountsOfLiquidation } from './accountsOfLiquidation.ts';
export { createRedis } from './createRedis.ts';
export { deleverageQuintile, deleverageScore, type RankedPosition } from './deleverageScore.ts';
export {
  type AccountDoc,
  type AgentDoc,
  type AuctionDoc,
  type BackstopDoc,
  type BalanceDoc,
  type BatchDoc,
  type BatchStatus,
  type CandleDoc,
  type CandleInterval,
  type CertificateDoc,
  type CollateralDoc,
  type DeleverageDoc,
  type DeleverageSide,
  type EndedAuction,
  type ExchangeDoc,
  type FillDoc,
  type HeadDoc,
  type LeverageDoc,
  type LiquidationDoc,
  type LiquidationEvent,
  type MarginEvent,
  type MarginEventDoc,
  type MarketDoc,
  type OrderDoc,
  type PositionDoc,
  type PriceDoc,
  RESUME_STAGES,
  type ReadHead,
  type TradeDoc,
  type WithdrawalDoc,
  type WithdrawalStatus,
} from './documents.ts';
export type {
  AccountAddress,
  AccountName,
  AccountView,
  At,
  Book,
  CertificateFilter,
  EventListener,
  HeadState,
  ReadModel,
  ReadModelWriter,
  RebuildOutcome,
  SettlementEvent,
  SettlementWriter,
  WriteOutcome,
} from './interfaces.ts';
export {
  BATCHES_MAX,
  CANDLES_PER_MARKET_MAX,
  CERTIFICATES_MAX,
  EVENTS_MAX,
  FILLS_PER_ACCOUNT_MAX,
  LIQUIDATIONS_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  MARGIN_EVENTS_PER_ACCOUNT_MAX,
  SETTLEMENT_EVENTS_MAX,
  TRADES_PER_MARKET_MAX,
  WITHDRAWALS_MAX,
} from './keys.ts';
export { type EventStream, openEventStream } from './openEventStream.ts';
export {
  BOOK_DEPTH_MAX,
  CERTIFICATES_PER_ANSWER_MAX,
  openReadModel,
  SETTLEMENT_LIMIT_MAX,
} from './openReadModel.ts';
export { openReadModelWriter, type WriterOptions } from './openReadModelWriter.ts';
export { openSettlementWriter } from './openSettlementWriter.ts';
export { ReadModelUnavailable, RedisUnfit, RedisUnreachable } from './redisFaults.ts';
export {
  type ClosedOrder,
  emptyStateDiff,
  type FullReadModel,
  type HistoryDocs,
  type LevelDoc,
  NO_HISTORY,
  type Publication,
  type RevokedAgent,
  type StateDiff,
} from './stateDiff.ts';
