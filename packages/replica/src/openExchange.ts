import { mkdirSync } from 'node:fs';
import { type Journal, newestSnapshot, openJournal } from '@keel/journal';
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

/** Opens a data directory for this process alone and brings the exchange up to its last record. */
export async function openExchange(dataDir: string, log: Logger, stopSignal: AbortSignal): Promise<OpenedExchange> {
  const begunMs = performance.now();
  mkdirSync(dataDir, { recursive: true });
  const { snapshot, notices } = await newestSnapshot(dataDir);
  const known = snapshot === undefined ? {} : { knownSequence: snapshot.sequence };
  const journal = await openJournal(dataDir, known);
  try {
    for (const notice of [...notices, ...journal.notices]) log.warn({ dataDir }, notice);
    const batches = new BatchStore(dataDir);
    const exchange = await recover({ journal, snapshot, batches, log, stopSignal });
    const seconds = (performance.now() - begunMs) / 1_000;
    return { exchange, journal, batches, snapshotSequence: snapshot?.sequence ?? 0, seconds };
  } catch (fault) {
    await journal.close();
    throw fault;
  }
}
