import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { JournalCorrupt, JournalFault, JournalForeign, reasonOf } from './errors.ts';
import { nodeDisk } from './nodeDisk.ts';
import { writeWhole } from './writeWhole.ts';

/** Of the files of a data directory. A program opens what is as old as it or older. */
export const JOURNAL_FORMAT = 1;
const DIRECTORY_ID_BYTES = 16;
/** Every log begins under the first rules of the engine, whatever the program knows. */
const FIRST_ENGINE_VERSION = 1;

/** What a data directory is of; `identity.json` in it. */
export interface Identity {
  /** Journal format; see JOURNAL_FORMAT. */
  readonly format: number;
  readonly chainId: number;
  /** Lower case. */
  readonly settlementAddress: string;
  /** 16 random bytes in hex, of this directory alone: a node of the same name with another directory is another node. */
  readonly directoryId: string;
  /** Newest rules of the engine that the records in it were applied under. */
  readonly engineVersion: number;
}

/** What the program that opens a directory is and wants. */
export interface ExpectedIdentity {
  readonly chainId: number;
  readonly settlementAddress: string;
  /** Newest rules of the engine that the program has. */
  readonly engineVersion: number;
  /** For a new directory; random unless told. */
  readonly directoryId?: string;
}

/**
 * Says whose a data directory is, before anything in it is opened or changed. A directory that has no identity yet, new
 * or from before there were any, gets one that is durable when this resolves. Throws JournalForeign for a directory of
 * another chain or contract, of a newer journal format or of newer engine rules; JournalCorrupt for an unreadable
 * identity; JournalFault when the disk refuses.
 */
export async function openIdentity(dir: string, expected: ExpectedIdentity, disk: Disk = nodeDisk): Promise<Identity> {
  const there = await readIdentity(dir, disk);
  if (there !== undefined) {
    refuseForeign(dir, there, expected);
    return there;
  }
  const identity: Identity = {
    format: JOURNAL_FORMAT,
    chainId: expected.chainId,
    settlementAddress: expected.settlementAddress.toLowerCase(),
    directoryId: expected.directoryId ?? randomBytes(DIRECTORY_ID_BYTES).toString('hex'),
    engineVersion: FIRST_ENGINE_VERSION,
  };
  await writeIdentity(dir, identity, disk);
  return identity;
}

/** Notes that records under newer rules of the engine are in the directory, so that an older program refuses it. */
export async function raiseEngineVersion(dir: string, engineVersion: number, disk: Disk = nodeDisk): Promise<void> {
  const identity = await readIdentity(dir, disk);
  if (identity === undefined) throw new JournalFault(`${dir} has no identity yet`);
  if (identity.engineVersion < engineVersion) await writeIdentity(dir, { ...identity, engineVersion }, disk);
}

/** Undefined: there is none yet. Throws JournalCorrupt. */
export async function readIdentity(dir: string, disk: Disk = nodeDisk): Promise<Identity | undefined> {
  const file = fileOf(dir);
  if (!disk.list(dir).includes('identity.json')) return undefined;
  const text = (await disk.readFile(file)).toString('utf8');
  const identity = parseIdentity(text);
  if (identity === undefined) throw new JournalCorrupt(file, 0, 'this is no identity of a data directory');
  return identity;
}

function refuseForeign(dir: string, there: Identity, expected: ExpectedIdentity): void {
  if (there.format > JOURNAL_FORMAT)
    throw new JournalForeign(
      `${dir} has the journal format ${there.format} of a newer version, this one knows ${JOURNAL_FORMAT}`,
    );
  if (there.chainId !== expected.chainId)
    throw new JournalForeign(
      `${dir} belongs to chain ${there.chainId}, not to ${expected.chainId}: choose another data directory`,
    );
  if (there.settlementAddress !== expected.settlementAddress.toLowerCase())
    throw new JournalForeign(
      `${dir} belongs to the settlement contract ${there.settlementAddress}, not to ` +
        `${expected.settlementAddress.toLowerCase()}: choose another data directory`,
    );
  if (there.engineVersion > expected.engineVersion)
    throw new JournalForeign(
      `${dir} holds commands under version ${there.engineVersion} of the engine's rules, this one knows ` +
        `${expected.engineVersion}: start a newer version`,
    );
}

async function writeIdentity(dir: string, identity: Identity, disk: Disk): Promise<void> {
  const text = Buffer.from(`${JSON.stringify(identity, undefined, 2)}\n`, 'utf8');
  try {
    disk.makeFolder(dir);
    await writeWhole(disk, dir, fileOf(dir), [text]);
  } catch (error) {
    throw new JournalFault(`${fileOf(dir)} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}

function parseIdentity(text: string): Identity | undefined {
  let value: Partial<Identity> | null;
  try {
    value = JSON.parse(text) as Partial<Identity> | null;
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, chainId, settlementAddress, directoryId, engineVersion } = value;
  if (!isCount(format)) return undefined;
  // A newer format may say the rest in other words; that it is newer is all that counts then.
  if (format > JOURNAL_FORMAT) return { format, chainId: 0, settlementAddress: '', directoryId: '', engineVersion: 0 };
  if (!isCount(chainId) || !isCount(engineVersion)) return undefined;
  if (typeof settlementAddress !== 'string' || !/^0x[0-9a-f]{40}$/.test(settlementAddress)) return undefined;
  if (typeof directoryId !== 'string' || !/^[0-9a-f]{32}$/.test(directoryId)) return undefined;
  return { format, chainId, settlementAddress, directoryId, engineVersion };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function fileOf(dir: string): string {
  return join(dir, 'identity.json');
}
