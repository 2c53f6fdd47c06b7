import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { assertInvariants } from '@keel/engine';
import { newestSnapshot, openJournal } from '@keel/journal';
import { StartupFault } from '@keel/runtime';
import { assert, type Hex, type SealedBatch } from '@keel/types';
import { BatchStore } from './batchStore.ts';
import { Exchange } from './exchange.ts';
import { L1Comparison } from './l1Comparison.ts';
import { exchangeOfSnapshot } from './recover.ts';
import { type ReplayProgress, replay } from './replay.ts';
import { emptyParts } from './snapshotPayload.ts';

/** What was found true of a journal. */
export interface Verification {
  readonly lastSequence: number;
  readonly stateRoot: Hex;
  readonly batches: number;
  readonly batchFilesCompared: number;
  readonly commandsPerSecond: number;
  readonly seconds: number;
  /** Undefined when there is no snapshot. */
  readonly snapshot: { readonly sequence: number; readonly tailCommands: number; readonly seconds: number } | undefined;
  /** How many batches L1 has, all of them those of the journal; undefined when L1 was not asked. */
  readonly batchesOnL1: number | undefined;
}

/**
 * Replays a journal from its first record, and again from its newest snapshot, and compares: both must come to the same
 * state root, every sealed batch to the root in its file and, where `onL1` gives them, to its hash on L1, and the final
 * state must hold all invariants. Changes nothing but what a start would: a torn tail is cut off. Throws what it finds
 * wrong. `tell` gets a line for each notice and, about once a second unless `onProgress` is given, for how far it is.
 */
export async function verifyJournal(
  dataDir: string,
  tell: (line: string) => void,
  onL1?: readonly Hex[],
  onProgress?: (what: string, sequence: number, lastSequence: number) => void,
): Promise<Verification> {
  assertJournalIsThere(dataDir);
  const { snapshot, notices } = await newestSnapshot(dataDir);
  const journal = await openJournal(dataDir, snapshot === undefined ? {} : { knownSequence: snapshot.sequence });
  try {
    for (const notice of [...notices, ...journal.notices]) tell(notice);
    const batches = new BatchStore(dataDir);
    const l1 = onL1 === undefined ? undefined : new L1Comparison(onL1);
    let batchFilesCompared = 0;
    const compare = async (batch: SealedBatch): Promise<void> => {
      l1?.compare(batch);
      if ((await batches.get(batch.batchIndex)) === undefined) return;
      await batches.put(batch);
      batchFilesCompared += 1;
    };
    const progressOf = (what: string) => (progress: ReplayProgress) =>
      onProgress === undefined
        ? tell(`${what}: sequence ${progress.sequence} of ${journal.lastSequence}, ${rateOf(progress)} commands/s`)
        : onProgress(what, progress.sequence, journal.lastSequence);

    const whole = new Exchange(emptyParts());
    const done = await replay(whole, journal.read(1), {
      onSealed: compare,
      onProgress: progressOf('from the beginning'),
    });
    assertInvariants(whole.state);
    const stateRoot = whole.stateRoot();
    const facts = {
      lastSequence: journal.lastSequence,
      stateRoot,
      batches: whole.lastBatchIndex + 1,
      batchFilesCompared,
      commandsPerSecond: rateOf(done),
      seconds: done.seconds,
      batchesOnL1: l1?.finish(journal.lastSequence),
    };
    if (snapshot === undefined) return { ...facts, snapshot: undefined };

    const resumed = exchangeOfSnapshot(snapshot);
    const tail = await replay(resumed, journal.read(snapshot.sequence + 1, snapshot.recordHash), {
      onSealed: () => undefined,
      onProgress: progressOf(`from the snapshot of ${snapshot.sequence}`),
    });
    assert(
      resumed.stateRoot() === stateRoot,
      `the snapshot of ${snapshot.sequence} leads to ${resumed.stateRoot()}, the beginning to ${stateRoot}`,
    );
    const { commands: tailCommands, seconds } = tail;
    return { ...facts, snapshot: { sequence: snapshot.sequence, tailCommands, seconds } };
  } finally {
    await journal.close();
  }
}

/** Opening would make an empty journal where there is none, and an empty one verifies. */
export function assertJournalIsThere(dataDir: string): void {
  const isThere = (dir: string): boolean => existsSync(join(dir, 'segments'));
  if (isThere(dataDir)) return;
  const below = join(dataDir, 'journal');
  const hint = isThere(below) ? `; did you mean ${relative(process.cwd(), below)}?` : '';
  throw new StartupFault(`there is no journal in ${dataDir}${hint}`);
}

function rateOf({ commands, seconds }: ReplayProgress): number {
  return seconds === 0 ? 0 : Math.round(commands / seconds);
}
