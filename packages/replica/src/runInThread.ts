import { Worker } from 'node:worker_threads';
import { JournalFault } from '@keel/journal';
import { SnapshotDiffers, type SnapshotInfo, type SnapshotJob } from './makeSnapshot.ts';
import type { ReplayProgress } from './replay.ts';
import type { SnapshotMessage } from './snapshotWorker.ts';

export interface RunOptions {
  readonly onProgress: (progress: ReplayProgress) => void;
  /** Ends the thread at once. */
  readonly signal: AbortSignal;
}

/**
 * `makeSnapshot` in a thread that lives for this one snapshot; its memory goes with it. Rejects with JournalFault when
 * the snapshot cannot be made just now (the disk refuses, no memory, stopped), and with SnapshotDiffers when the journal
 * does not lead to the root, or cannot be replayed.
 */
export async function runInThread(job: SnapshotJob, { onProgress, signal }: RunOptions): Promise<SnapshotInfo> {
  const worker = new Worker(new URL('./snapshotWorker.ts', import.meta.url), {
    name: 'snapshot',
    workerData: job,
  });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let last: SnapshotMessage | undefined;
  let broken: unknown;
  worker.on('message', (message: SnapshotMessage) => {
    if (message.kind === 'progress') onProgress(message.progress);
    else last = message;
  });
  worker.on('error', (error) => {
    broken = error;
  });
  const code = await new Promise<number>((resolve) => worker.on('exit', resolve));
  signal.removeEventListener('abort', stop);
  return outcomeOf(job, last, broken ?? (signal.aborted ? 'it was stopped' : `its thread ended with code ${code}`));
}

function outcomeOf(job: SnapshotJob, last: SnapshotMessage | undefined, broken: unknown): SnapshotInfo {
  if (last?.kind === 'made') return last.info;
  if (last?.kind === 'wrong')
    throw new SnapshotDiffers(last.name === 'SnapshotDiffers' ? last.sentence : `${last.name}: ${last.sentence}`);
  // A thread that ran out of memory says nothing of the exchange.
  const reason = last?.kind === 'refused' ? last.sentence : broken instanceof Error ? broken.message : String(broken);
  throw new JournalFault(`no snapshot of sequence ${job.sequence}: ${reason}`, { cause: broken });
}
