export { backstopOwner } from './accounts/backstop.ts';
export { Book } from './book/book.ts';
export { type DirtyLevel, type DirtySet, takeDirty } from './dirty.ts';
export { apply } from './engine.ts';
export { assertVersionKnown, ENGINE_VERSION_MAX, EngineVersionUnknown } from './engineVersion.ts';
export { createEventBytes, type EventBytes } from './events/eventBytes.ts';
export { writeEvent } from './events/writeEvent.ts';
export { assertInvariants } from './invariants.ts';
export { accountLeaf, globalsLeaf, marketLeaf, orderLeaf } from './leaves.ts';
export { equityOf } from './margin/accountFigures.ts';
export type { PriceQuality } from './prices/permissions.ts';
export {
  type AccountView,
  type AuctionView,
  type BalanceView,
  type BookLevelView,
  type BookView,
  type CollateralView,
  type ExchangeView,
  type LeverageView,
  listAccounts,
  listCollaterals,
  listMarkets,
  listOrders,
  type MarketView,
  type PositionView,
  type ProtectionView,
  readAccount,
  readAccountIdOf,
  readAccountsOf,
  readAuctions,
  readBook,
  readCollateral,
  readExchange,
  readFeeders,
  readLevel,
  readMarginBalances,
  readMarginPositions,
  readMarket,
  readOpenOrderCount,
  readOrder,
} from './readers.ts';
export { readSnapshot, writeSnapshot } from './snapshot.ts';
export { type Agent, createState, type EngineState } from './state.ts';
