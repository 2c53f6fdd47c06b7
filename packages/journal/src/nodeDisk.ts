import { closeSync, mkdirSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, unlink } from 'node:fs/promises';
import type { Disk, DiskFile, OpenMode } from './disk.ts';
import { takeLock } from './lock.ts';

const FLAGS: Record<OpenMode, string> = { create: 'wx', replace: 'w', existing: 'r+' };

/** The disk of this machine. */
export const nodeDisk: Disk = {
  open: async (path, mode) => new NodeFile(await open(path, FLAGS[mode])),
  read: readRange,
  readFile: (path) => readFile(path),
  size: (path) => statSync(path).size,
  list: listFolder,
  makeFolder: (folder) => void mkdirSync(folder, { recursive: true }),
  rename,
  unlink,
  syncFolder,
  lock: takeLock,
};

class NodeFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array, offset: number): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const result = await this.#handle.write(bytes, written, bytes.length - written, offset + written);
      written += result.bytesWritten;
    }
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  truncate(bytes: number): Promise<void> {
    return this.#handle.truncate(bytes);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function readRange(path: string, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  const descriptor = openSync(path, 'r');
  try {
    let used = 0;
    while (used < length) {
      const count = readSync(descriptor, bytes, used, length - used, offset + used);
      if (count === 0) break;
      used += count;
    }
    return bytes.subarray(0, used);
  } finally {
    closeSync(descriptor);
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
