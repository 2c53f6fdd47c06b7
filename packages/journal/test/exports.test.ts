import { expect, it } from 'vitest';
import * as journal from '../src/index.ts';

it('exports these names and no others', () => {
  expect(Object.keys(journal).sort()).toEqual([
    'JournalCorrupt',
    'JournalFault',
    'JournalLocked',
    'crc32c',
    'joinSnapshotPayload',
    'newestSnapshot',
    'nodeDisk',
    'openJournal',
    'readSnapshotFile',
    'recordHashOf',
    'splitSnapshotPayload',
    'writeSnapshot',
    'writeWhole',
  ]);
});
