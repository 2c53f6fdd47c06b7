import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one which was given the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in whatever words the system has for it; compared, never read. */
  readonly began: string;
}

/** Who runs under this number now, or undefined when nobody does (or only its exit is left to be collected). */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const began = process.platform === 'linux' ? beganOnLinux(pid) : beganByPs(pid);
    return began === undefined ? undefined : { pid, began };
  } catch {
    return undefined;
  }
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.began === identity.began;
}

function beganOnLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks, so fields are counted from its end: state is the first, start time the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function beganByPs(pid: number): string | undefined {
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
}
