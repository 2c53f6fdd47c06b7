import type { Disk, DiskFile } from '../src/index.ts';

/** What happens before an operation on an open file reaches the disk; a rejection takes its place. */
export interface Meddling {
  readonly beforeWrite?: (path: string) => Promise<void> | void;
  /** Of datasync and sync. */
  readonly beforeSync?: (path: string) => Promise<void> | void;
}

/** A disk that is meddled with. */
export function faultyDisk(disk: Disk, meddling: Meddling): Disk {
  return {
    open: async (path, mode) => meddle(path, await disk.open(path, mode), meddling),
    read: (path, offset, length) => disk.read(path, offset, length),
    readFile: (path) => disk.readFile(path),
    size: (path) => disk.size(path),
    list: (folder) => disk.list(folder),
    makeFolder: (folder) => disk.makeFolder(folder),
    rename: (from, to) => disk.rename(from, to),
    unlink: (path) => disk.unlink(path),
    syncFolder: (folder) => disk.syncFolder(folder),
    lock: (dir) => disk.lock(dir),
  };
}

function meddle(path: string, file: DiskFile, { beforeWrite, beforeSync }: Meddling): DiskFile {
  return {
    write: async (bytes, offset) => {
      await beforeWrite?.(path);
      await file.write(bytes, offset);
    },
    datasync: async () => {
      await beforeSync?.(path);
      await file.datasync();
    },
    sync: async () => {
      await beforeSync?.(path);
      await file.sync();
    },
    truncate: (bytes) => file.truncate(bytes),
    close: () => file.close(),
  };
}
