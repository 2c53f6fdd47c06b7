import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertUsable, reasonOf } from './assertUsable.ts';
import { DevnetFault } from './devnetFault.ts';
import { endProcess } from './endProcess.ts';
import { identify, isRunning, type ProcessIdentity } from './processIdentity.ts';

/** Below this the journal and the chain would soon meet a full disk in the middle of work. */
const FREE_BYTES_MIN = 512 * 1024 * 1024;

/** What a data folder is of. Its marker is a file that says that `--fresh` may empty the folder. */
export interface FolderKind {
  readonly marker: string;
  /** As in "a Keel devnet". */
  readonly title: string;
  /** What empties it. */
  readonly command: string;
}

export const DEVNET_FOLDER: FolderKind = {
  marker: 'keel-devnet',
  title: 'Keel devnet',
  command: 'npm start -- --fresh',
};

/** Where everything is that one launcher's processes keep. */
export interface DataFolder {
  readonly path: string;
  readonly logs: string;
  readonly chainState: string;
  readonly deployment: string;
  readonly secrets: string;
  /** Who runs here. */
  readonly processes: string;
  /** The path of a folder for one process, made if it is not there. */
  subfolder(name: string): string;
  /** Gives the folder up for the next launcher. */
  release(): void;
}

interface TakingOptions {
  /** Empty the folder first. */
  readonly fresh: boolean;
  readonly say: (line: string) => void;
  /** Asked before anything is emptied: a start that will be refused must not have emptied anything. */
  readonly assertReady?: () => Promise<void>;
  readonly kind?: FolderKind;
}

/**
 * Takes a data folder for this launcher: makes it, refuses one that another launcher uses or that was never ours, ends
 * what a killed launcher left running, and empties it when asked to begin afresh. Throws DevnetFault.
 */
export async function takeDataFolder(
  path: string,
  { fresh, say, assertReady = async () => undefined, kind = DEVNET_FOLDER }: TakingOptions,
): Promise<DataFolder> {
  assertUsable(path);
  assertOurs(path, kind);
  makeFolder(path);
  const lock = join(path, 'launcher.json');
  const processes = join(path, 'processes.json');
  assertNotTaken(lock, path);
  await endLeftovers(processes, say);
  await assertReady();
  if (fresh) {
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
  }
  writeFileSync(join(path, kind.marker), `The state of a ${kind.title}. ${kind.command} empties this folder.\n`);
  writeFileSync(lock, JSON.stringify(identify(process.pid)));
  const subfolder = (name: string): string => {
    mkdirSync(join(path, name), { recursive: true });
    return join(path, name);
  };
  assertRoom(path);
  return {
    path,
    logs: subfolder('logs'),
    chainState: join(path, 'chain.json'),
    deployment: join(path, 'deployment.json'),
    secrets: join(path, 'secrets.json'),
    processes,
    subfolder,
    release: () => rmSync(lock, { force: true }),
  };
}

/** What looks usable may still answer with a fault of its own: a name too long, a quota, a mount that went away. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (fault) {
    const reason = reasonOf(fault as NodeJS.ErrnoException);
    throw new DevnetFault(`${path} cannot be made: it ${reason}; name another folder with --data.`);
  }
}

function assertOurs(path: string, { marker, title }: FolderKind): void {
  if (!existsSync(path)) return;
  const names = readdirSync(path);
  if (names.length === 0 || names.includes(marker)) return;
  throw new DevnetFault(`${path} holds files that are not a ${title}; name an empty folder with --data.`);
}

function assertNotTaken(lock: string, path: string): void {
  if (!existsSync(lock)) return;
  const owner = readJson<ProcessIdentity>(lock);
  if (owner !== undefined && isRunning(owner)) {
    throw new DevnetFault(
      `Keel already runs in ${path} (process ${owner.pid}); stop it, or name another folder with --data.`,
    );
  }
}

async function endLeftovers(list: string, say: (line: string) => void): Promise<void> {
  const left = (readJson<ProcessIdentity[]>(list) ?? []).filter((identity) => isRunning(identity));
  if (left.length === 0) return;
  say(`ending ${left.length} processes that an earlier start left running`);
  for (const identity of left.reverse()) await endProcess(identity);
}

function assertRoom(path: string): void {
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize >= FREE_BYTES_MIN) return;
  const mebibytes = Math.floor((bavail * bsize) / 1024 / 1024);
  throw new DevnetFault(`The disk that holds ${path} has only ${mebibytes} MiB free; Keel needs 512 MiB to begin.`);
}

/** The content of one of our own small files, or undefined when there is none or it was cut off while being written. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
