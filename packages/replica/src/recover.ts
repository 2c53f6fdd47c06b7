import type { Journal, Snapshot } from '@keel/journal';
import { type Logger, StartupFault } from '@keel/runtime';
import { assert } from '@keel/types';
import type { BatchStore } from './batchStore.ts';
import { Exchange } from './exchange.ts';
import { replay } from './replay.ts';
import { emptyParts, readSnapshotPayload } from './snapshotPayload.ts';
import { toHex } from './toHex.ts';

export interface RecoverOptions {
  readonly journal: Journal;
  /** The newest good one, if any. */
  readonly snapshot: Snapshot | undefined;
  readonly batches: BatchStore;
  /** Newest rules of the engine that this program goes on by; all that it has unless told. */
  readonly engineVersionMax?: number | undefined;
  readonly log: Logger;
  readonly stopSignal: AbortSignal;
}

/**
 * The exchange as it was after the last record of the journal: the newest snapshot, whose root is checked, and every
 * record after it through the engine. Each batch that the tail seals must have the root that its file has. Batch files
 * that are missing are written again, by a replay from the beginning if need be. Throws EngineVersionUnknown.
 */
export async function recover(options: RecoverOptions): Promise<Exchange> {
  const { journal, snapshot, batches, log, engineVersionMax } = options;
  const exchange =
    snapshot === undefined
      ? new Exchange(emptyParts(engineVersionMax))
      : exchangeOfSnapshot(snapshot, engineVersionMax);
  const from = exchange.state.sequence;
  log.info({ fromSequence: from, lastSequence: journal.lastSequence }, 'replaying the journal');
  const done = await replay(exchange, journal.read(from + 1, snapshot?.recordHash), {
    onSealed: (batch) => batches.put(batch),
    onProgress: (progress) => log.info({ ...progress, lastSequence: journal.lastSequence }, 'replaying the journal'),
    signal: options.stopSignal,
  });
  assert(exchange.state.sequence === journal.lastSequence, `the journal ends at ${journal.lastSequence}`);
  log.info({ ...done, stateRoot: exchange.stateRoot() }, 'replayed the journal');
  if (batches.lastIndex > exchange.lastBatchIndex)
    throw new StartupFault(
      `the journal is damaged: it ends at sequence ${journal.lastSequence}, but batch ${batches.lastIndex} was sealed after it`,
    );
  if (!batches.hasAll(exchange.lastBatchIndex)) await writeMissingBatches(options, exchange.lastBatchIndex);
  return exchange;
}

/** The exchange of a snapshot whose root was checked. Throws StartupFault, EngineVersionUnknown. */
export function exchangeOfSnapshot(snapshot: Snapshot, engineVersionMax?: number): Exchange {
  const exchange = new Exchange(readSnapshotPayload(snapshot.payload, engineVersionMax));
  const root = exchange.stateRoot();
  if (root !== toHex(snapshot.stateRoot) || exchange.state.sequence !== snapshot.sequence)
    throw new StartupFault(
      `the snapshot of sequence ${snapshot.sequence} has the root ${toHex(snapshot.stateRoot)} but this version reads ${root}: ` +
        'move the snapshots folder away to replay the journal from its beginning',
    );
  return exchange;
}

async function writeMissingBatches(options: RecoverOptions, lastBatchIndex: number): Promise<void> {
  const { journal, batches, log, stopSignal } = options;
  log.warn({ lastBatchIndex }, 'batch files are missing; writing them again from the beginning of the journal');
  await replay(new Exchange(emptyParts()), journal.read(1), {
    onSealed: (batch) => batches.put(batch),
    onProgress: (progress) => log.info({ ...progress, lastSequence: journal.lastSequence }, 'writing batch files'),
    signal: stopSignal,
  });
}
