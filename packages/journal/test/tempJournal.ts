import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Journal, type OpenJournalOptions, openJournal } from '../src/index.ts';

/** A folder of its own that goes when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keel-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Bytes that look like nothing in particular, the same for the same sequence. */
export function payloadOf(sequence: number, length = 40 + ((sequence * 7) % 60)): Uint8Array {
  const bytes = Buffer.alloc(length);
  for (let at = 0, block = 0; at < length; at += 32, block++)
    createHash('sha256').update(`${sequence}/${block}`).digest().copy(bytes, at);
  return bytes;
}

/** The record chain as its definition says, reckoned apart from the journal. */
export function hashesOf(payloads: readonly Uint8Array[]): Buffer[] {
  let previous = Buffer.alloc(32);
  return payloads.map((payload, place) => {
    const sequence = Buffer.alloc(8);
    sequence.writeBigUInt64BE(BigInt(place + 1));
    previous = createHash('sha256').update(previous).update(sequence).update(payload).digest();
    return previous;
  });
}

/** Appends the next `count` records and flushes them as one group. */
export async function appendGroup(journal: Journal, count: number, payloadBytes?: number): Promise<void> {
  for (let done = 0; done < count; done++) {
    const sequence = journal.lastSequence + 1;
    journal.append(sequence, payloadOf(sequence, payloadBytes));
  }
  await journal.flush();
}

/** A closed journal with groups of the given sizes; see `appendGroup`. */
export async function writtenJournal(
  groups: readonly number[],
  options?: OpenJournalOptions,
  payloadBytes?: number,
): Promise<string> {
  const dir = tempFolder();
  const journal = await openJournal(dir, options);
  for (const count of groups) await appendGroup(journal, count, payloadBytes);
  await journal.close();
  return dir;
}

export function copyOf(dir: string): string {
  const copy = tempFolder();
  cpSync(dir, copy, { recursive: true });
  return copy;
}

export function segmentFiles(dir: string): string[] {
  const folder = join(dir, 'segments');
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

/** Opens, reads all, closes. */
export async function readAll(dir: string, options?: OpenJournalOptions) {
  const journal = await openJournal(dir, options);
  try {
    return { records: [...journal.read(1)], notices: journal.notices, lastSequence: journal.lastSequence };
  } finally {
    await journal.close();
  }
}
