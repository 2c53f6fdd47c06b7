import { type Disk, type Journal, newestSnapshot, nodeDisk, openJournal } from '@keel/journal';
import type { Logger } from '@keel/runtime';
import { BatchStore } from './batchStore.ts';
import type { Exchange } from './exchange.ts';
import { recover } from './recover.ts';

export interface OpenedExchange {
  readonly exchange: Exchange;
  readonly journal: Journal;
  readonly batches: BatchStore;
  /** Of the snapshot that recovery began with; 0 = none. */
  readonly snapshotSequence: number;
  readonly seconds: number;
}

/**
 * Opens a data directory for this process alone and brings the exchange up to its last record. Throws EngineVersionUnknown
 * when that is under rules of the engine newer than `engineVersionMax`, which is all that the program has unless told.
 */
export async function openExchange(
  dataDir: string,
  log: Logger,
  stopSignal: AbortSignal,
  disk: Disk = nodeDisk,
  engineVersionMax?: number,
): Promise<OpenedExchange> {
  const begunMs = performance.now();
  disk.makeFolder(dataDir);
  const { snapshot, notices } = await newestSnapshot(dataDir, disk);
  const journal = await openJournal(dataDir, { disk, knownSequence: snapshot?.sequence ?? 0 });
  try {
    for (const notice of [...notices, ...journal.notices]) log.warn({ dataDir }, notice);
    const batches = new BatchStore(dataDir, disk);
    const exchange = await recover({ journal, snapshot, batches, engineVersionMax, log, stopSignal });
    const seconds = (performance.now() - begunMs) / 1_000;
    return { exchange, journal, batches, snapshotSequence: snapshot?.sequence ?? 0, seconds };
  } catch (fault) {
    await journal.close();
    throw fault;
  }
}
