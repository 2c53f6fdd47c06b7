import { rmSync } from 'node:fs';
import { JournalLocked } from '@keel/journal';
import { assertJournalIsThere, copyJournal, type Verification, verifyJournal } from '@keel/replica';
import type { Hex } from '@keel/types';
import { standingFolder } from '../config.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { createProgress, type Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { readL1BatchHashes } from './readL1BatchHashes.ts';
import { readReplayOptions } from './readReplayOptions.ts';

/** keelctl replay --verify-roots: the whole journal through the engine, and everything that must come of it. */
export async function runReplay(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { dataDir, json, l1 } = readReplayOptions(args, standingFolder());
  assertJournalIsThere(dataDir);
  // L1 is read first: what it holds by then is in every copy of the journal that is made afterwards.
  const onL1 = l1 === undefined ? undefined : await readL1BatchHashes(l1);
  const progress = createProgress();
  try {
    const verified = await verifyJournal(dataDir, terminal.tell, onL1, progress.at).catch((fault: unknown) => {
      if (fault instanceof JournalLocked) return verifyCopy(dataDir, terminal, progress, onL1);
      throw fault;
    });
    progress.end();
    terminal.write(`${json ? JSON.stringify(verified) : textOf(verified)}\n`);
    return EXIT.fine;
  } finally {
    progress.end();
  }
}

/** Verifies a copy of a journal that a sequencer is writing. */
async function verifyCopy(
  dataDir: string,
  terminal: Terminal,
  progress: Progress,
  onL1?: readonly Hex[],
): Promise<Verification> {
  terminal.tell('the sequencer is running: verifying a copy of its journal');
  const copy = copyJournal(dataDir);
  try {
    return await verifyJournal(copy, terminal.tell, onL1, progress.at);
  } finally {
    rmSync(copy, { recursive: true });
  }
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
