import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSequencedCommand } from '@keel/codec';
import { openJournal, writeSnapshot } from '@keel/journal';
import { BatchStore, Exchange, emptyParts, toHex, writeSnapshotPayload } from '@keel/replica';
import { type Command, type SequencedCommand, toSequence } from '@keel/types';

export const START_MS = 1_800_000_000_000;
/** Deposits, time, and a sealed batch in the middle. */
export const COMMANDS = 40;
export const SNAPSHOT_AT = 30;

/** A data directory as a sequencer leaves it: journal, one batch, one snapshot. */
export async function writeDataDir(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'keelctl-data-'));
  mkdirSync(dataDir, { recursive: true });
  const exchange = new Exchange(emptyParts());
  const journal = await openJournal(dataDir);
  const batches = new BatchStore(dataDir);
  for (let sequence = 1; sequence <= COMMANDS; sequence += 1) {
    const sequenced: SequencedCommand = {
      sequence: toSequence(sequence),
      timeMs: START_MS + sequence * 1_000,
      command: commandOf(sequence),
    };
    const recordHash = journal.append(sequence, encodeSequencedCommand(sequenced));
    const { sealed } = exchange.apply(sequenced, toHex(recordHash));
    if (sealed !== undefined) await batches.put(sealed);
    if (sequence !== SNAPSHOT_AT) continue;
    await journal.flush();
    const stateRoot = Buffer.from(exchange.stateRoot().slice(2), 'hex');
    await writeSnapshot(dataDir, { sequence, recordHash, stateRoot, payload: writeSnapshotPayload(exchange.parts) });
  }
  await journal.close();
  return dataDir;
}

function commandOf(sequence: number): Command {
  return sequence === COMMANDS / 2 ? { kind: 'sealBatch' } : { kind: 'advanceTime' };
}
