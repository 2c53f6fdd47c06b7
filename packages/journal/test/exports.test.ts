import { expect, it } from 'vitest';
import * as journal from '../src/index.ts';

it('exports these names and no others', () => {
  expect(Object.keys(journal).sort()).toEqual([
    'JOURNAL_FORMAT',
    'JournalCorrupt',
    'JournalFault',
    'JournalForeign',
    'JournalLocked',
    'crc32c',
    'joinSnapshotPayload',
    'newestSnapshot',
    'nodeDisk',
    'openIdentity',
    'openJournal',
    'parseSnapshot',
    'raiseEngineVersion',
    'readIdentity',
    'readJournal',
    'readRecordFrames',
    'readSnapshotFile',
    'reasonOf',
    'recordHashOf',
    'splitSnapshotPayload',
    'writeRecordFrame',
    'writeRecordFrames',
    'writeSnapshot',
    'writeWhole',
  ]);
});
