import { type Disk, type DiskFile, nodeDisk } from '@keel/journal';

const nothing = (): Promise<void> => Promise.resolve();
const untouched: DiskFile = { write: nothing, datasync: nothing, sync: nothing, truncate: nothing, close: nothing };

/**
 * This machine's disk for looking only: what opening a journal would mend (a torn tail, a lock of the dead) stays as it is,
 * and a sequencer may be writing there meanwhile.
 */
export const readOnlyDisk: Disk = {
  ...nodeDisk,
  open: () => Promise.resolve(untouched),
  makeFolder: () => undefined,
  rename: nothing,
  unlink: nothing,
  syncFolder: nothing,
  lock: () => () => undefined,
};
