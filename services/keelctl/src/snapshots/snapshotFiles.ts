import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readSnapshotFile } from '@keel/journal';
import { assertJournalIsThere, exchangeOfSnapshot } from '@keel/replica';
import { StartupFault } from '@keel/runtime';
import { AssertionError } from '@keel/types';
import type { Progress } from '../progress.ts';

export interface SnapshotFile {
  readonly file: string;
  readonly sequence: number;
  readonly bytes: number;
  readonly writtenMs: number;
  /** What was found out: `present`, `holds, root 0x...`, or `FAULT ...`. */
  readonly verdict: string;
}

const NAME = /^([0-9]{16})\.snap$/;

/** Snapshot files of a data directory, newest first, as they lie there. Throws StartupFault where there is no journal. */
export async function listSnapshots(dataDir: string): Promise<readonly SnapshotFile[]> {
  assertJournalIsThere(dataDir);
  const folder = join(dataDir, 'snapshots');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  return names
    .sort()
    .reverse()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      const sequence = Number(NAME.exec(name)?.[1]);
      return { file: join(folder, name), sequence, bytes: size, writtenMs: Math.round(mtimeMs), verdict: 'present' };
    });
}

/** Reads each whole: digest, then the state through the engine, whose root must be the one written beside it. */
export async function verifySnapshots(dataDir: string, progress: Progress): Promise<readonly SnapshotFile[]> {
  const files = await listSnapshots(dataDir);
  const verified: SnapshotFile[] = [];
  for (const [place, file] of files.entries()) {
    verified.push({ ...file, verdict: await verdictOf(file) });
    progress.at('snapshots', place + 1, files.length);
  }
  return verified;
}

async function verdictOf({ file, sequence }: SnapshotFile): Promise<string> {
  const aside = 'move it away: the one before it is used then, or the whole journal';
  const snapshot = await readSnapshotFile(file);
  if (typeof snapshot === 'string') return `FAULT ${snapshot}; ${aside}`;
  if (snapshot.sequence !== sequence) return `FAULT it says ${snapshot.sequence}, its name another; ${aside}`;
  try {
    return `holds, root ${exchangeOfSnapshot(snapshot).stateRoot()}`;
  } catch (fault) {
    if (!(fault instanceof StartupFault || fault instanceof AssertionError || fault instanceof RangeError)) throw fault;
    return `FAULT ${fault.message}; ${aside}`;
  }
}
