import { parentPort, workerData } from 'node:worker_threads';
import { JournalCorrupt, JournalFault, reasonOf } from '@keel/journal';
import { StartupFault } from '@keel/runtime';
import { AssertionError, assert } from '@keel/types';
import { makeSnapshot, SnapshotDiffers, type SnapshotInfo, type SnapshotJob } from './makeSnapshot.ts';
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
  const fault = error instanceof Error ? error : new Error(String(error));
  if (isAboutTheExchange(fault)) say({ kind: 'wrong', name: fault.name, sentence: fault.message });
  else if (error instanceof JournalFault || isSystemError(error)) say({ kind: 'refused', sentence: reasonOf(error) });
  // A TypeError and the like: this thread's code is at fault, for example because files were replaced under the process.
  else say({ kind: 'refused', sentence: `its thread failed: ${fault.name}: ${fault.message}` });
}

/** What a replay finds wrong with the exchange or its journal. */
function isAboutTheExchange(fault: Error): boolean {
  return (
    fault instanceof SnapshotDiffers ||
    fault instanceof JournalCorrupt ||
    fault instanceof AssertionError ||
    fault instanceof StartupFault
  );
}

/** Of a file that cannot be read or written just now. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
