import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { assertInvariants } from '@keel/engine';
import { JournalLocked, newestSnapshot, openJournal } from '@keel/journal';
import { explainFault, StartupFault } from '@keel/runtime';
import { assert, type Hex, type SealedBatch } from '@keel/types';
import { BatchStore } from './batchStore.ts';
import { copyJournal } from './copyJournal.ts';
import { Exchange } from './exchange.ts';
import { L1Comparison } from './l1Comparison.ts';
import { readL1BatchHashes } from './readL1BatchHashes.ts';
import { exchangeOfSnapshot } from './recover.ts';
import { type ReplayProgress, replay } from './replay.ts';
import { emptyParts } from './snapshotPayload.ts';
import { readVerifyOptions, VERIFY_HELP } from './verifyOptions.ts';

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
 * wrong. `tell` gets a line about once a second.
 */
export async function verifyJournal(
  dataDir: string,
  tell: (line: string) => void,
  onL1?: readonly Hex[],
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
      tell(`${what}: sequence ${progress.sequence} of ${journal.lastSequence}, ${rateOf(progress)} commands/s`);

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
function assertJournalIsThere(dataDir: string): void {
  const isThere = (dir: string): boolean => existsSync(join(dir, 'segments'));
  if (isThere(dataDir)) return;
  const below = join(dataDir, 'journal');
  const hint = isThere(below) ? `; did you mean ${relative(process.cwd(), below)}?` : '';
  throw new StartupFault(`there is no journal in ${dataDir}${hint}`);
}

function rateOf({ commands, seconds }: ReplayProgress): number {
  return seconds === 0 ? 0 : Math.round(commands / seconds);
}

function textOf(verified: Verification): string {
  const { snapshot } = verified;
  return [
    `${verified.lastSequence} commands replayed in ${verified.seconds.toFixed(2)} s (${verified.commandsPerSecond} commands/s)`,
    `state root ${verified.stateRoot}`,
    `${verified.batches} batches, ${verified.batchFilesCompared} compared with their files: the same roots`,
    ...(verified.batchesOnL1 === undefined ? [] : [l1TextOf(verified.batchesOnL1, verified.batches)]),
    snapshot === undefined
      ? 'no snapshot'
      : `from the snapshot of ${snapshot.sequence} and ${snapshot.tailCommands} more: the same root, ${snapshot.seconds.toFixed(2)} s`,
  ].join('\n');
}

function l1TextOf(onL1: number, sealed: number): string {
  const waiting = sealed > onL1 ? `; sealed and not there yet: ${sealed - onL1}` : '';
  return `${onL1} of ${onL1} batches on L1 are those of this journal${waiting}`;
}

/** Verifies a copy of a journal that a sequencer is writing. */
async function verifyCopy(dataDir: string, tell: (line: string) => void, onL1?: readonly Hex[]): Promise<Verification> {
  tell('the sequencer is running: verifying a copy of its journal');
  const copy = copyJournal(dataDir);
  try {
    return await verifyJournal(copy, tell, onL1);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

async function main(): Promise<void> {
  const options = readVerifyOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(VERIFY_HELP);
    return;
  }
  if ('wrong' in options) {
    process.stderr.write(`keel verify: ${options.wrong}\n`);
    process.exitCode = 2;
    return;
  }
  const { dataDir, json, l1 } = options;
  assertJournalIsThere(dataDir);
  const tell = (line: string): unknown => process.stderr.write(`${line}\n`);
  // L1 is read first: what it holds by then is in every copy of the journal that is made afterwards.
  const onL1 = l1 === undefined ? undefined : await readL1BatchHashes(l1);
  const verified = await verifyJournal(dataDir, tell, onL1).catch((fault: unknown) => {
    if (fault instanceof JournalLocked) return verifyCopy(dataDir, tell, onL1);
    throw fault;
  });
  process.stdout.write(`${json ? JSON.stringify(verified) : textOf(verified)}\n`);
}

if (import.meta.main) {
  main().catch((fault: unknown) => {
    process.stderr.write(`keel verify: ${explainFault(fault)}\n`);
    process.exit(1);
  });
}
