import { statSync } from 'node:fs';
import { join } from 'node:path';
import { newestSnapshot, readSnapshotFile, type Snapshot, splitSnapshotPayload } from '@keel/journal';
import { CommandLineFault } from '../commandLineFault.ts';

/**
 * The engine's bytes out of a snapshot file, or out of the newest good one of a sequencer's data folder.
 * @throws CommandLineFault when there is none.
 */
export async function readEngineBytes(path: string): Promise<Uint8Array> {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) throw new CommandLineFault(`there is no ${path}`);
  const snapshot = kind.isDirectory() ? await newestOf(path) : await readSnapshotFile(path);
  if (typeof snapshot === 'string') throw new CommandLineFault(`${path}: ${snapshot}`);
  return splitSnapshotPayload(snapshot.payload).engine;
}

/** Of a data folder, or of the folder above it, as a devnet's is. */
async function newestOf(folder: string): Promise<Snapshot | string> {
  for (const dir of [folder, join(folder, 'journal')]) {
    const { snapshot } = await newestSnapshot(dir);
    if (snapshot !== undefined) return snapshot;
  }
  return 'it holds no snapshot; a sequencer writes one when it stops';
}
