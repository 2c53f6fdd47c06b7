import { type Journal, JournalCorrupt, openJournal } from '@keel/journal';
import { assertJournalIsThere } from '@keel/replica';
import { readOnlyDisk } from './readOnlyDisk.ts';

/** A flush that is being written can look like damage for a moment; damage stays. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 100;

/**
 * The journal of a data directory as it is now, also while a sequencer writes it; nothing is changed. Rejects with
 * JournalCorrupt, JournalFault, or StartupFault where there is none.
 */
export async function lookIntoJournal(dataDir: string): Promise<Journal> {
  assertJournalIsThere(dataDir);
  for (let look = 1; ; look += 1) {
    try {
      return await openJournal(dataDir, { disk: readOnlyDisk });
    } catch (fault) {
      if (look === LOOKS || !(fault instanceof JournalCorrupt)) throw fault;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}
