import { type Disk, newestSnapshot, nodeDisk, readJournal, type Snapshot, writeSnapshot } from '@keel/journal';
import type { Hex } from '@keel/types';
import { Exchange } from './exchange.ts';
import { exchangeOfSnapshot } from './recover.ts';
import { type ReplayProgress, replay } from './replay.ts';
import { snapshotOf } from './snapshotOf.ts';
import { emptyParts } from './snapshotPayload.ts';

/** What to make a snapshot of: a durable sequence and the root that the exchange had after it. */
export interface SnapshotJob {
  readonly dataDir: string;
  readonly sequence: number;
  readonly stateRoot: Hex;
}

/** A snapshot that was written. */
export interface SnapshotInfo {
  readonly sequence: number;
  readonly stateRoot: Hex;
  /** Of the payload. */
  readonly bytes: number;
  /** Commands replayed for it, since the snapshot before. */
  readonly commands: number;
  /** All of it: read, replay, write. */
  readonly seconds: number;
  /** A sentence for each damaged snapshot that was passed over. */
  readonly notices: readonly string[];
}

/** The exchange here and its journal do not agree. Whoever holds the exchange must stop: one of the two is wrong. */
export class SnapshotDiffers extends Error {
  override readonly name = 'SnapshotDiffers';
}

export interface MakeSnapshotOptions {
  readonly onProgress?: (progress: ReplayProgress) => void;
  readonly signal?: AbortSignal;
  readonly disk?: Disk;
}

/**
 * Makes a snapshot from what is on disk alone: the newest snapshot, the records after it, and the root to compare with.
 * Needs no lock and nothing of the process that holds it; the state is a second one, in memory until this resolves.
 * Nothing is written when the roots differ (SnapshotDiffers). Throws JournalCorrupt for damage on the way, JournalFault
 * when the disk refuses the file.
 */
export async function makeSnapshot(job: SnapshotJob, options: MakeSnapshotOptions = {}): Promise<SnapshotInfo> {
  const { dataDir, sequence } = job;
  const disk = options.disk ?? nodeDisk;
  const begunMs = performance.now();
  const { snapshot: newest, notices } = await newestSnapshot(dataDir, disk);
  // One that is newer is of no use for this; there is none unless somebody asks for the past.
  const before = newest !== undefined && newest.sequence <= sequence ? newest : undefined;
  const { exchange, commands } = await replayTo(sequence, before, dataDir, disk, options);
  const root = exchange.stateRoot();
  if (root !== job.stateRoot)
    throw new SnapshotDiffers(
      `the exchange has the root ${job.stateRoot} at sequence ${sequence}, but its journal leads to ${root}: ` +
        'no snapshot was written; stop this node and verify its journal',
    );
  const snapshot = snapshotOf(exchange);
  if (before?.sequence !== sequence) await writeSnapshot(dataDir, snapshot, disk);
  const seconds = (performance.now() - begunMs) / 1_000;
  return { sequence, stateRoot: root, bytes: snapshot.payload.length, commands, seconds, notices };
}

async function replayTo(
  sequence: number,
  before: Snapshot | undefined,
  dataDir: string,
  disk: Disk,
  options: MakeSnapshotOptions,
): Promise<{ exchange: Exchange; commands: number }> {
  const exchange = before === undefined ? new Exchange(emptyParts()) : exchangeOfSnapshot(before);
  const known = before === undefined ? {} : { previousHash: before.recordHash };
  const { commands } = await replay(
    exchange,
    readJournal(dataDir, exchange.state.sequence + 1, sequence, { disk, ...known }),
    {
      // Their files were written when they were sealed.
      onSealed: () => undefined,
      onProgress: (progress) => options.onProgress?.(progress),
      signal: options.signal,
    },
  );
  return { exchange, commands };
}
