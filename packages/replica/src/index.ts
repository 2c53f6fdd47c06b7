export { AgentApprovals } from './agentApprovals.ts';
export { BatchStore } from './batchStore.ts';
export { candleDocOf } from './candleHistory.ts';
export { type Changes, createChanges, entriesOf, type LevelKey } from './changes.ts';
export { copyJournal } from './copyJournal.ts';
export { type EngineView, engineViewOf } from './engineView.ts';
export { type Applied, Exchange, type ExchangeParts, type OpenBatch, ZERO_HASH } from './exchange.ts';
export {
  createHistory,
  type History,
  type MarketHistory,
  marketHistory,
  readHistory,
  writeHistory,
} from './history.ts';
export {
  type MakeSnapshotOptions,
  makeSnapshot,
  SnapshotDiffers,
  type SnapshotInfo,
  type SnapshotJob,
} from './makeSnapshot.ts';
export { Newest } from './newest.ts';
export { type OpenedExchange, openExchange } from './openExchange.ts';
export { orderDocOf } from './orderFacts.ts';
export { RecentOutcomes } from './recentOutcomes.ts';
export { type BlockDocs, recordEvents } from './recordEvents.ts';
export { exchangeOfSnapshot, recover } from './recover.ts';
export { type ReplayOptions, type ReplayProgress, replay } from './replay.ts';
export { SnapshotMaker, type SnapshotMakerOptions, type SnapshotPoint } from './snapshotMaker.ts';
export { snapshotOf } from './snapshotOf.ts';
export { emptyParts, readSnapshotPayload, writeSnapshotPayload } from './snapshotPayload.ts';
export { toHex } from './toHex.ts';
export { assertJournalIsThere, type Verification, verifyJournal } from './verifyJournal.ts';
