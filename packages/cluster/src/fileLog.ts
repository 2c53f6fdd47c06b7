import type { Journal } from '@keel/journal';
import type { CommandLog } from './commandLog.ts';

/** The log of one node alone: acknowledged means that the journal's fdatasync has returned. */
export function fileLog(journal: Journal): CommandLog {
  return {
    get lastSequence() {
      return journal.lastSequence;
    },
    append: (sequence, payload) => journal.append(sequence, payload),
    // The journal's own bound on a group lies far above what a queue can hold.
    hasRoom: () => true,
    commit: () => journal.flush(),
    mayAcknowledge: () => true,
  };
}
