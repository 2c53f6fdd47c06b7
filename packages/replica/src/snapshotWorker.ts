import { parentPort, workerData } from 'node:worker_threads';
import { JournalFault, reasonOf } from '@keel/journal';
import { assert } from '@keel/types';
import { makeSnapshot, type SnapshotInfo, type SnapshotJob } from './makeSnapshot.ts';
import type { ReplayProgress } from './replay.ts';

/** What the thread says; the last message is `made`, `refused` or `wrong`. */
export type SnapshotMessage =
  | { readonly kind: 'progress'; readonly progress: ReplayProgress }
  | { readonly kind: 'made'; readonly info: SnapshotInfo }
  /** The disk could not; nothing is wrong with the exchange. */
  | { readonly kind: 'refused'; readonly sentence: string }
  /** The exchange and its journal do not agree, or the journal is damaged. */
  | { readonly kind: 'wrong'; readonly name: string; readonly sentence: string };

const port = parentPort;
assert(port !== null, 'snapshotWorker.ts is a thread of its own, started by runInThread');
const say = (message: SnapshotMessage): void => port.postMessage(message);

try {
  const onProgress = (progress: ReplayProgress): void => say({ kind: 'progress', progress });
  say({ kind: 'made', info: await makeSnapshot(workerData as SnapshotJob, { onProgress }) });
} catch (error) {
  if (error instanceof JournalFault || isSystemError(error)) say({ kind: 'refused', sentence: reasonOf(error) });
  else {
    const fault = error instanceof Error ? error : new Error(String(error));
    say({ kind: 'wrong', name: fault.name, sentence: fault.message });
  }
}

/** Of a file that cannot be read or written just now. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
