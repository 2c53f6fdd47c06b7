import { rmSync } from 'node:fs';
import { JournalLocked } from '@keel/journal';
import { assertJournalIsThere, copyJournal, type Verification, verifyJournal } from '@keel/replica';
import { explainFault } from '@keel/runtime';
import type { Hex } from '@keel/types';
import { readL1BatchHashes } from './readL1BatchHashes.ts';
import { readVerifyOptions, VERIFY_HELP } from './verifyOptions.ts';

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
