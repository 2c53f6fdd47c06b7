import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assertInvariants } from '@keel/engine';
import { newestSnapshot, openJournal } from '@keel/journal';
import { explainFault, StartupFault } from '@keel/runtime';
import { assert, type Hex, type SealedBatch } from '@keel/types';
import { BatchStore } from './batchStore.ts';
import { Exchange } from './exchange.ts';
import { exchangeOfSnapshot } from './recover.ts';
import { type ReplayProgress, replay } from './replay.ts';
import { emptyParts } from './snapshotPayload.ts';

/**
 * Replays a journal from its first record, and again from its newest snapshot, and compares: both must come to the same
 * state root, every sealed batch to the root in its file, and the final state must hold all invariants. Changes nothing
 * but what a start would: a torn tail is cut off.
 *
 *   node services/sequencer/src/verifyJournal.ts --data DIR [--json]
 */
export interface Verification {
  readonly lastSequence: number;
  readonly stateRoot: Hex;
  readonly batches: number;
  readonly batchFilesCompared: number;
  readonly commandsPerSecond: number;
  readonly seconds: number;
  /** Undefined when there is no snapshot. */
  readonly snapshot: { readonly sequence: number; readonly tailCommands: number; readonly seconds: number } | undefined;
}

/** Throws what it finds wrong. `tell` gets a line about once a second. */
export async function verifyJournal(dataDir: string, tell: (line: string) => void): Promise<Verification> {
  // Opening would make an empty journal there, and an empty one verifies.
  if (!existsSync(join(dataDir, 'segments'))) throw new StartupFault(`there is no journal in ${dataDir}`);
  const { snapshot, notices } = await newestSnapshot(dataDir);
  const journal = await openJournal(dataDir, snapshot === undefined ? {} : { knownSequence: snapshot.sequence });
  try {
    for (const notice of [...notices, ...journal.notices]) tell(notice);
    const batches = new BatchStore(dataDir);
    let batchFilesCompared = 0;
    const compare = async (batch: SealedBatch): Promise<void> => {
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

function rateOf({ commands, seconds }: ReplayProgress): number {
  return seconds === 0 ? 0 : Math.round(commands / seconds);
}

function textOf(verified: Verification): string {
  const { snapshot } = verified;
  return [
    `${verified.lastSequence} commands replayed in ${verified.seconds.toFixed(2)} s (${verified.commandsPerSecond} commands/s)`,
    `state root ${verified.stateRoot}`,
    `${verified.batches} batches, ${verified.batchFilesCompared} compared with their files: the same roots`,
    snapshot === undefined
      ? 'no snapshot'
      : `from the snapshot of ${snapshot.sequence} and ${snapshot.tailCommands} more: the same root, ${snapshot.seconds.toFixed(2)} s`,
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'boolean', default: false } } });
  if (values.data === undefined) throw new StartupFault('say which data directory: --data DIR');
  const verified = await verifyJournal(values.data, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${values.json ? JSON.stringify(verified) : textOf(verified)}\n`);
}

if (import.meta.main) {
  main().catch((fault: unknown) => {
    process.stderr.write(`keel verifyJournal: ${explainFault(fault)}\n`);
    process.exit(1);
  });
}
