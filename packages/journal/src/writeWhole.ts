import type { Disk } from './disk.ts';

/**
 * Writes a file beside its place, syncs it and moves it there with its name synced: after a crash it is there whole or
 * not at all. When the disk refuses, the half is removed as far as the disk lets us, and the refusal is thrown.
 */
export async function writeWhole(
  disk: Disk,
  folder: string,
  path: string,
  parts: readonly Uint8Array[],
): Promise<void> {
  const half = `${path}.tmp`;
  try {
    const file = await disk.open(half, 'replace');
    try {
      let at = 0;
      for (const part of parts) {
        await file.write(part, at);
        at += part.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    // A full disk needs the room back now. What cannot be removed has no name that anybody reads.
    await disk.unlink(half).catch(() => undefined);
    throw error;
  }
  await disk.rename(half, path);
  await disk.syncFolder(folder);
}
