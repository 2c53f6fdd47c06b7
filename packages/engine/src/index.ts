export { Book } from './book/book.ts';
export { type DirtyLevel, type DirtySet, takeDirty } from './dirty.ts';
export { apply } from './engine.ts';
export { createEventBytes, type EventBytes, writeEvent } from './eventBytes.ts';
export { assertInvariants } from './invariants.ts';
export { accountLeaf, globalsLeaf, marketLeaf, orderLeaf } from './leaves.ts';
export {
  type AccountView,
  type BookLevelView,
  type BookView,
  type ExchangeView,
  listAccounts,
  listMarkets,
  listOrders,
  type MarketView,
  type PositionView,
  type ProtectionView,
  readAccount,
  readAccountIdOf,
  readBook,
  readExchange,
  readLevel,
  readMarginPositions,
  readMarket,
  readOpenOrderCount,
  readOrder,
} from './readers.ts';
export { readSnapshot, writeSnapshot } from './snapshot.ts';
export { type Agent, createState, type EngineState } from './state.ts';
