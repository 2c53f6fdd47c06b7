import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Copies the journal that a running sequencer writes into a new temporary directory, and returns that. Snapshots come
 * first: one that is newer than the copied records would make them look cut short.
 */
export function copyJournal(dataDir: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'keel-verify-'));
  for (const folder of ['snapshots', 'batches', 'segments']) {
    const from = join(dataDir, folder);
    if (!existsSync(from)) continue;
    cpSync(from, join(copy, folder), { recursive: true, filter: (path) => !path.endsWith('.tmp') });
  }
  return copy;
}
