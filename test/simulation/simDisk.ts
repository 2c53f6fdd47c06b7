import { dirname } from 'node:path';
import type { Disk, DiskFile, OpenMode } from '@keel/journal';
import type { Chance } from './chance.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** What a device writes whole or not at all. */
const SECTOR_BYTES = 512;

/** Bytes from..to that are written and not synced. */
interface Unsynced {
  readonly from: number;
  readonly to: number;
}

interface Inode {
  /** As programs read it. */
  bytes: Buffer;
  size: number;
  /** As it lies on the device. */
  safe: Buffer;
  safeSize: number;
  unsynced: Unsynced[];
}

/** A change of a name that a sync of its folder makes safe; without an inode the name goes. */
interface NameChange {
  readonly path: string;
  readonly inode: Inode | undefined;
}

/** What the disk does wrong, and how fast it is. A run changes it as it goes. */
export interface DiskMood {
  syncMs: number;
  /** Probability that a sync fails; what it should have made safe is gone now or later. */
  syncFails: number;
  /** Every write fails with ENOSPC. */
  full: boolean;
  /** A sync says that it is done and has done nothing. Only the checker's own proof sets it. */
  lies: boolean;
}

/** A machine's disk: outlives its processes, and forgets what was not synced when the power goes. */
export class SimDisk {
  readonly mood: DiskMood = { syncMs: 0.3, syncFails: 0, full: false, lies: false };
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  #names = new Map<string, Inode>();
  #safeNames = new Map<string, Inode>();
  /** Per folder, in the order in which they were made; file systems keep that order. */
  readonly #changes = new Map<string, NameChange[]>();

  constructor(scheduler: Scheduler, chance: Chance) {
    this.#scheduler = scheduler;
    this.#chance = chance;
  }

  /** There is nothing on it any more. */
  wipe(): void {
    this.#names.clear();
    this.#safeNames.clear();
    this.#changes.clear();
  }

  /** Of what was not synced some sectors and some names are there, others are not. */
  losePower(): void {
    const chance = this.#chance;
    for (const changes of this.#changes.values()) {
      const kept = chance.between(0, changes.length);
      for (const change of changes.slice(0, kept)) setName(this.#safeNames, change);
    }
    this.#changes.clear();
    const inodes = new Set(this.#safeNames.values());
    for (const inode of inodes) {
      this.#keepSomeSectors(inode);
      inode.bytes = Buffer.from(inode.safe.subarray(0, inode.safeSize));
      inode.size = inode.safeSize;
    }
    this.#names = new Map(this.#safeNames);
  }

  /** The disk as one run of a program has it. */
  of(process: Process): Disk {
    return {
      open: (path, mode) => this.#answer(process, 0.02, () => this.#open(process, path, mode)),
      read: (path, offset, length) => {
        const { bytes, size } = this.#inode(path);
        return Buffer.from(bytes.subarray(Math.min(offset, size), Math.min(offset + length, size)));
      },
      readFile: (path) =>
        this.#answer(process, 0.05, () => {
          const { bytes, size } = this.#inode(path);
          return Buffer.from(bytes.subarray(0, size));
        }),
      size: (path) => this.#inode(path).size,
      list: (folder) => this.#list(folder),
      makeFolder: () => undefined,
      rename: (from, to) =>
        this.#answer(process, 0.02, () => {
          const inode = this.#inode(from);
          this.#changeName({ path: to, inode });
          this.#changeName({ path: from, inode: undefined });
        }),
      unlink: (path) =>
        this.#answer(process, 0.02, () => {
          this.#inode(path);
          this.#changeName({ path, inode: undefined });
        }),
      syncFolder: (folder) =>
        this.#answer(process, this.#syncMs(), () => {
          this.#failSync();
          if (this.mood.lies) return;
          for (const change of this.#changes.get(folder) ?? []) setName(this.#safeNames, change);
          this.#changes.delete(folder);
        }),
      lock: () => () => undefined,
    };
  }

  /** The result of `run`, or its error, after so long. */
  #answer<Result>(process: Process, ms: number, run: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#scheduler.after(ms, process, () => {
        try {
          resolve(run());
        } catch (fault) {
          reject(fault);
        }
      });
    });
  }

  #open(process: Process, path: string, mode: OpenMode): DiskFile {
    const known = this.#names.get(path);
    if (mode === 'create' && known !== undefined) throw systemError('EEXIST', `${path} is there`);
    if (mode === 'existing' && known === undefined) throw systemError('ENOENT', `there is no ${path}`);
    if (known === undefined && this.mood.full) throw systemError('ENOSPC', 'no space left on device');
    let inode = known;
    if (inode === undefined || mode === 'replace') {
      inode = { bytes: Buffer.alloc(1_024), size: 0, safe: Buffer.alloc(1_024), safeSize: 0, unsynced: [] };
      this.#changeName({ path, inode });
    }
    return this.#file(process, inode);
  }

  #file(process: Process, inode: Inode): DiskFile {
    const sync = (): Promise<void> =>
      this.#answer(process, this.#syncMs(), () => {
        try {
          this.#failSync();
        } catch (fault) {
          this.#dropUnsynced(inode);
          throw fault;
        }
        if (!this.mood.lies) makeSafe(inode);
      });
    return {
      write: (bytes, offset) => {
        // A process that has just ended itself writes nothing.
        if (!process.alive) return new Promise(() => undefined);
        if (this.mood.full && offset + bytes.length > inode.size) {
          // As a real one: what fits goes in, the rest does not.
          write(inode, bytes.subarray(0, this.#chance.between(0, bytes.length - 1)), offset);
          return this.#answer(process, 0.01, () => {
            throw systemError('ENOSPC', 'no space left on device');
          });
        }
        write(inode, bytes, offset);
        return this.#answer(process, 0.01, () => undefined);
      },
      datasync: sync,
      sync,
      truncate: (bytes) =>
        this.#answer(process, 0.02, () => {
          inode.unsynced.push({ from: Math.min(bytes, inode.size), to: Math.max(bytes, inode.size) });
          inode.bytes.fill(0, bytes);
          inode.size = bytes;
        }),
      close: () => this.#answer(process, 0.01, () => undefined),
    };
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw systemError('ENOENT', `there is no ${path}`);
    return inode;
  }

  #list(folder: string): string[] {
    const start = `${folder}/`;
    const names: string[] = [];
    for (const path of this.#names.keys()) {
      if (path.startsWith(start) && !path.includes('/', start.length)) names.push(path.slice(start.length));
    }
    return names;
  }

  #changeName(change: NameChange): void {
    setName(this.#names, change);
    const folder = dirname(change.path);
    const changes = this.#changes.get(folder);
    if (changes === undefined) this.#changes.set(folder, [change]);
    else changes.push(change);
  }

  #syncMs(): number {
    return this.#chance.within(0.3, 1.5) * this.mood.syncMs;
  }

  #failSync(): void {
    if (this.#chance.happens(this.mood.syncFails)) throw systemError('EIO', 'the device failed');
  }

  /**
   * The system marks pages of a failed sync as clean: they are read as they were written, no later sync looks at them, and
   * when it needs their room, or the power goes, they are gone.
   */
  #dropUnsynced(inode: Inode): void {
    this.#keepSomeSectors(inode);
    if (this.#chance.happens(0.5)) return;
    inode.bytes = Buffer.from(inode.safe.subarray(0, inode.safeSize));
    inode.size = inode.safeSize;
  }

  #keepSomeSectors(inode: Inode): void {
    if (inode.unsynced.length === 0) return;
    const chance = this.#chance;
    const size = chance.happens(0.5) ? inode.size : chance.between(Math.min(inode.safeSize, inode.size), inode.size);
    for (const { from, to } of inode.unsynced) {
      for (let at = from - (from % SECTOR_BYTES); at < to; at += SECTOR_BYTES) {
        const [first, end] = [Math.max(at, from), Math.min(at + SECTOR_BYTES, to, inode.size)];
        if (first >= end || chance.happens(0.4)) continue;
        inode.safe = withRoom(inode.safe, end);
        inode.bytes.copy(inode.safe, first, first, end);
      }
    }
    inode.safe = withRoom(inode.safe, size);
    inode.safe.fill(0, size);
    inode.safeSize = size;
    inode.unsynced = [];
  }
}

function write(inode: Inode, bytes: Uint8Array, offset: number): void {
  const end = offset + bytes.length;
  inode.bytes = withRoom(inode.bytes, end);
  inode.bytes.set(bytes, offset);
  inode.size = Math.max(inode.size, end);
  inode.unsynced.push({ from: offset, to: end });
}

function makeSafe(inode: Inode): void {
  inode.safe = withRoom(inode.safe, inode.size);
  for (const { from, to } of inode.unsynced) inode.bytes.copy(inode.safe, from, from, Math.min(to, inode.size));
  if (inode.size < inode.safeSize) inode.safe.fill(0, inode.size);
  inode.safeSize = inode.size;
  inode.unsynced = [];
}

function setName(names: Map<string, Inode>, { path, inode }: NameChange): void {
  if (inode === undefined) names.delete(path);
  else names.set(path, inode);
}

/** Beyond what was written there are zeros. */
function withRoom(bytes: Buffer, size: number): Buffer {
  if (size <= bytes.length) return bytes;
  const larger = Buffer.alloc(Math.max(size, 2 * bytes.length));
  bytes.copy(larger);
  return larger;
}

function systemError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
