/** A file that is open for writing. */
export interface DiskFile {
  /** Writes all the bytes from `offset` on. Rejects like the system does, after which nothing is known of the file. */
  write(bytes: Uint8Array, offset: number): Promise<void>;
  /** Contents and size are on stable storage; times need not be. */
  datasync(): Promise<void>;
  /** All of the file is on stable storage, its name only with `syncFolder`. */
  sync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** How a file is opened: it must not be there, it is emptied or made, or it must be there and keeps what it holds. */
export type OpenMode = 'create' | 'replace' | 'existing';

/**
 * All that a data directory needs of a disk, so that a simulated one can stand in. What was written counts only after
 * the sync that belongs to it. Reads are synchronous where a generator waits for them. Errors are the system's, with
 * their `code`.
 */
export interface Disk {
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  /** Up to `length` bytes from `offset` on, fewer where the file ends. Throws when there is no such file. */
  read(path: string, offset: number, length: number): Buffer;
  /** The whole file. Rejects with ENOENT when there is none. */
  readFile(path: string): Promise<Buffer>;
  /** Bytes of a file. Throws when there is none. */
  size(path: string): number;
  /** Names in a folder, in no order; none where there is no such folder. */
  list(folder: string): string[];
  /** With all folders above it; fine if it is there. */
  makeFolder(folder: string): void;
  /** Replaces what is at `to`, whole or not at all. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Names that were added to or taken from a folder are on stable storage. */
  syncFolder(folder: string): Promise<void>;
  /**
   * Takes a data directory for this process alone and returns the way to give it back. Throws JournalLocked. A disk
   * that only one can reach has nothing to do here.
   */
  lock(dir: string): () => void;
}
