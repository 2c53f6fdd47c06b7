export { crc32c } from './crc32c.ts';
export { JournalCorrupt, JournalFault, JournalLocked } from './errors.ts';
export type { Journal } from './journal.ts';
export { type OpenJournalOptions, openJournal } from './openJournal.ts';
export type { JournalRecord } from './readRecords.ts';
export { recordHashOf } from './record.ts';
export { type NewestSnapshot, newestSnapshot, readSnapshotFile, type Snapshot, writeSnapshot } from './snapshot.ts';
export { joinSnapshotPayload, type SnapshotPayload, splitSnapshotPayload } from './snapshotPayload.ts';
