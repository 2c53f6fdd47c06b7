import type { Disk, DiskFile, OpenMode } from '../src/index.ts';

/** What the system has of a file, and what of that would be left after a power loss. Never changed in place. */
interface MemoryFile {
  bytes: Buffer;
  durable: Buffer;
}

/** A disk in memory, for tests that open it ten thousands of times. Names are durable at once, contents when synced. */
export class MemoryDisk implements Disk {
  readonly files = new Map<string, MemoryFile>();

  /** What is on it, as another disk that shares nothing but bytes that nobody changes. */
  copy(): MemoryDisk {
    const copy = new MemoryDisk();
    for (const [path, file] of this.files) copy.files.set(path, { ...file });
    return copy;
  }

  /** What a power loss leaves. */
  crash(): void {
    for (const file of this.files.values()) file.bytes = file.durable;
  }

  /** As if the file had been written so. */
  put(path: string, bytes: Buffer): void {
    this.files.set(path, { bytes, durable: bytes });
  }

  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    const there = this.files.get(path);
    if (mode === 'create' && there !== undefined) throw systemError('EEXIST', path);
    if (mode === 'existing' && there === undefined) throw systemError('ENOENT', path);
    const file = there ?? { bytes: Buffer.alloc(0), durable: Buffer.alloc(0) };
    if (mode === 'replace') file.bytes = Buffer.alloc(0);
    this.files.set(path, file);
    const sync = async (): Promise<void> => {
      file.durable = file.bytes;
    };
    return {
      write: async (bytes, offset) => {
        const larger = Buffer.alloc(Math.max(file.bytes.length, offset + bytes.length));
        file.bytes.copy(larger);
        larger.set(bytes, offset);
        file.bytes = larger;
      },
      datasync: sync,
      sync,
      truncate: async (bytes) => {
        file.bytes = file.bytes.subarray(0, bytes);
      },
      close: async () => undefined,
    };
  }

  read(path: string, offset: number, length: number): Buffer {
    return this.#file(path).bytes.subarray(offset, offset + length);
  }

  async readFile(path: string): Promise<Buffer> {
    return this.#file(path).bytes;
  }

  size(path: string): number {
    return this.#file(path).bytes.length;
  }

  list(folder: string): string[] {
    const names = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return names.map((path) => path.slice(folder.length + 1)).filter((name) => !name.includes('/'));
  }

  makeFolder(): void {}

  async rename(from: string, to: string): Promise<void> {
    this.files.set(to, this.#file(from));
    this.files.delete(from);
  }

  async unlink(path: string): Promise<void> {
    this.#file(path);
    this.files.delete(path);
  }

  async syncFolder(): Promise<void> {}

  lock(): () => void {
    return () => undefined;
  }

  #file(path: string): MemoryFile {
    const file = this.files.get(path);
    if (file === undefined) throw systemError('ENOENT', path);
    return file;
  }
}

/** An error as the system gives it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, '${path}'`), { code, path });
}
