import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalLocked } from './errors.ts';

/**
 * Who holds the directory. A process id alone would name another process after a restart of the machine or the
 * container, so the start time of the process stands beside it where the system tells it.
 */
interface Holder {
  readonly pid: number;
  /** Clock ticks since boot and the boot's id; empty where there is no /proc. */
  readonly startedAt: string;
}

/** Takes the directory for this process, or over from a dead one. Throws JournalLocked. Returns the way to give it back. */
export function takeLock(dir: string): () => void {
  const file = join(dir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) } satisfies Holder);
  if (!create(file, mine)) {
    removeStale(dir, file);
    if (!create(file, mine)) throw new JournalLocked(`${dir} was taken by another process at the same moment`);
  }
  return () => {
    if (readIfThere(file) === mine) unlinkSync(file);
  };
}

function create(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the lock of a dead process away; the move shows if another starter was quicker, and is then undone. */
function removeStale(dir: string, file: string): void {
  const content = readIfThere(file);
  if (content === undefined) return;
  assertDead(dir, content);
  const aside = `${file}.${process.pid}`;
  renameSync(file, aside);
  const moved = readFileSync(aside, 'utf8');
  if (moved !== content) linkSync(aside, file);
  unlinkSync(aside);
  if (moved !== content) throw new JournalLocked(`${dir} was taken by another process at the same moment`);
}

function assertDead(dir: string, content: string): void {
  const holder = parseHolder(content);
  if (holder === undefined || !isAlive(holder.pid)) return;
  const startedAt = startOf(holder.pid);
  if (startedAt !== '' && holder.startedAt !== '' && startedAt !== holder.startedAt) return;
  throw new JournalLocked(`${dir} is in use by the running process ${holder.pid}`);
}

/** A lock file cut short by a crash names nobody. */
function parseHolder(content: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Partial<Holder>;
    const { pid, startedAt } = holder;
    return Number.isSafeInteger(pid) && typeof startedAt === 'string' ? { pid: Number(pid), startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The 22nd field of /proc/<pid>/stat; the second may hold spaces, so it is counted from the last parenthesis. */
function startOf(pid: number): string {
  const stat = readIfThere(`/proc/${pid}/stat`);
  const boot = readIfThere('/proc/sys/kernel/random/boot_id');
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks === undefined || boot === undefined ? '' : `${ticks}@${boot.trim()}`;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
