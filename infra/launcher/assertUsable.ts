import { accessSync, constants, lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { DevnetFault } from './devnetFault.ts';

/** Folders that the kernel makes up: making a folder below them fails, or never ends. */
const MADE_UP = ['/proc', '/sys'];

/**
 * Refuses a path at which no data folder can be, before anything is made there: the nearest part of it that exists must
 * be a folder which this user may write to.
 */
export function assertUsable(path: string): void {
  const reason = reasonAgainst(path);
  if (reason !== undefined)
    throw new DevnetFault(`${path} cannot hold a devnet: ${reason}; name another folder with --data.`);
}

function reasonAgainst(path: string): string | undefined {
  const nearest = nearestExisting(path);
  if (typeof nearest !== 'string') return `the path ${reasonOf(nearest)}`;
  const real = resolveLinks(nearest);
  if (real === undefined) return `${nearest} is a link to nowhere`;
  if (!statSync(real).isDirectory()) return `${nearest} is a file, not a folder`;
  const madeUp = MADE_UP.find((folder) => real === folder || real.startsWith(`${folder}${sep}`));
  if (madeUp !== undefined) return `${madeUp} is the kernel's, not a disk's`;
  try {
    accessSync(real, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (fault) {
    return `${nearest} ${reasonOf(fault as NodeJS.ErrnoException)}`;
  }
}

/** Walks up until something is there; a fault when even the question cannot be asked. */
function nearestExisting(path: string): string | NodeJS.ErrnoException {
  for (let at = path; ; at = dirname(at)) {
    try {
      lstatSync(at);
      return at;
    } catch (fault) {
      const { code } = fault as NodeJS.ErrnoException;
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || at === dirname(at)) return fault as NodeJS.ErrnoException;
    }
  }
}

function resolveLinks(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** What is the matter with a path, by the answer of the file system. */
export function reasonOf(fault: NodeJS.ErrnoException): string {
  switch (fault.code) {
    case 'EROFS':
      return 'is on a disk that is mounted read-only';
    case 'EACCES':
    case 'EPERM':
      return 'may not be written by this user';
    case 'ENAMETOOLONG':
      return 'has a name that is too long';
    default:
      return `answers ${fault.message}`;
  }
}
