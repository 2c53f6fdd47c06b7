export { crc32c } from './crc32c.ts';
export type { Disk, DiskFile, OpenMode } from './disk.ts';
export { JournalCorrupt, JournalFault, JournalForeign, JournalLocked, reasonOf } from './errors.ts';
export {
  type ExpectedIdentity,
  type Identity,
  JOURNAL_FORMAT,
  openIdentity,
  raiseEngineVersion,
  readIdentity,
} from './identity.ts';
export type { Journal } from './journal.ts';
export { nodeDisk } from './nodeDisk.ts';
export { type OpenJournalOptions, openJournal } from './openJournal.ts';
export { type ReadJournalOptions, readJournal } from './readJournal.ts';
export type { JournalRecord } from './readRecords.ts';
export { recordHashOf } from './record.ts';
export { type ReceivedRecord, readRecordFrames, writeRecordFrame, writeRecordFrames } from './recordFrame.ts';
export {
  type NewestSnapshot,
  newestSnapshot,
  parseSnapshot,
  readSnapshotFile,
  type Snapshot,
  writeSnapshot,
} from './snapshot.ts';
export { joinSnapshotPayload, type SnapshotPayload, splitSnapshotPayload } from './snapshotPayload.ts';
export { writeWhole } from './writeWhole.ts';
