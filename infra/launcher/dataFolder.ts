import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertUsable, reasonOf } from './assertUsable.ts';
import { DevnetFault } from './devnetFault.ts';
import { endProcess } from './endProcess.ts';
import { identify, isRunning, type ProcessIdentity } from './processIdentity.ts';

/** Below this the journal and the chain would soon meet a full disk in the middle of work. */
const FREE_BYTES_MIN = 512 * 1024 * 1024;
/** Marks a folder as one that `--fresh` may empty. */
const MARKER = 'keel-devnet';

/** Where one devnet keeps everything it has. */
export interface DataFolder {
  readonly path: string;
  readonly journal: string;
  readonly logs: string;
  readonly redis: string;
  readonly chainState: string;
  readonly deployment: string;
  readonly secrets: string;
  readonly stopped: string;
  readonly processes: string;
  /** Gives the folder up for the next launcher. */
  release(): void;
}

/**
 * Takes a data folder for this launcher: makes it, refuses one that another launcher uses or that was never ours, ends
 * what a killed launcher left running, and empties it when asked to begin afresh. `assertReady` is asked in between:
 * a start that will be refused must not have emptied anything.
 */
export async function takeDataFolder(
  path: string,
  fresh: boolean,
  say: (line: string) => void,
  assertReady: () => Promise<void> = async () => undefined,
): Promise<DataFolder> {
  assertUsable(path);
  assertOurs(path);
  makeFolder(path);
  const lock = join(path, 'launcher.json');
  assertNotTaken(lock, path);
  await endLeftovers(join(path, 'processes.json'), say);
  await assertReady();
  if (fresh) {
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
  }
  writeFileSync(join(path, MARKER), 'The state of a Keel devnet. npm start -- --fresh empties this folder.\n');
  writeFileSync(lock, JSON.stringify(identify(process.pid)));
  for (const name of ['journal', 'logs', 'redis']) mkdirSync(join(path, name), { recursive: true });
  assertRoom(path);
  return {
    path,
    journal: join(path, 'journal'),
    logs: join(path, 'logs'),
    redis: join(path, 'redis'),
    chainState: join(path, 'chain.json'),
    deployment: join(path, 'deployment.json'),
    secrets: join(path, 'secrets.json'),
    stopped: join(path, 'stopped.json'),
    processes: join(path, 'processes.json'),
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

function assertOurs(path: string): void {
  if (!existsSync(path)) return;
  const names = readdirSync(path);
  if (names.length === 0 || names.includes(MARKER)) return;
  throw new DevnetFault(`${path} holds files that are not a Keel devnet; name an empty folder with --data.`);
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
