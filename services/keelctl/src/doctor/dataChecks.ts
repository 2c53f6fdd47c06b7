import { readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { readIdentity } from '@keel/journal';
import { explainFault } from '@keel/runtime';
import { lookIntoJournal } from '../log/lookIntoJournal.ts';
import { listSnapshots } from '../snapshots/snapshotFiles.ts';
import { countText, durationText, mebibytesText } from '../times.ts';
import type { CheckLine } from './checkLine.ts';

const FREE_FAULT_BYTES = 512 * 1_048_576;
const FREE_WARNING_BYTES = 5_120 * 1_048_576;
const SNAPSHOT_AGE_MS_MAX = 24 * 3_600_000;

/** What can be said of a data directory of this machine without asking its node. Nothing is changed. */
export async function checkData(dataDir: string, nowMs: number): Promise<readonly CheckLine[]> {
  return [checkDisk(dataDir), await checkJournal(dataDir), await checkSnapshots(dataDir, nowMs), checkLock(dataDir)];
}

function checkDisk(dataDir: string): CheckLine {
  const title = `disk of ${dataDir}`;
  try {
    const { bavail, bsize, blocks } = statfsSync(dataDir);
    const free = bavail * bsize;
    const what = `${mebibytesText(free)} free of ${mebibytesText(blocks * bsize)}`;
    if (free < FREE_FAULT_BYTES)
      return { state: 'fault', title, what, next: 'free some space now: a full disk stops the node' };
    if (free < FREE_WARNING_BYTES) return { state: 'warning', title, what, next: 'make room: the journal only grows' };
    return { state: 'ok', title, what, next: '' };
  } catch (fault) {
    return { state: 'fault', title, what: explainFault(fault), next: 'name the data directory of the node' };
  }
}

async function checkJournal(dataDir: string): Promise<CheckLine> {
  const title = `journal of ${dataDir}`;
  try {
    const journal = await lookIntoJournal(dataDir);
    const identity = await readIdentity(dataDir);
    const whose = identity === undefined ? '' : `, chain ${identity.chainId}, contract ${identity.settlementAddress}`;
    return { state: 'ok', title, what: `readable up to command ${countText(journal.lastSequence)}${whose}`, next: '' };
  } catch (fault) {
    const next = 'keep it as it is for whoever looks into it; let the node join anew with an empty directory';
    return { state: 'fault', title, what: explainFault(fault), next };
  }
}

async function checkSnapshots(dataDir: string, nowMs: number): Promise<CheckLine> {
  const title = `snapshots of ${dataDir}`;
  try {
    const [newest] = await listSnapshots(dataDir);
    if (newest === undefined)
      return {
        state: 'warning',
        title,
        what: 'there is none: a start replays everything',
        next: 'keelctl snapshot create',
      };
    const what = `newest after command ${countText(newest.sequence)}, ${durationText(nowMs - newest.writtenMs)} old`;
    const isOld = nowMs - newest.writtenMs > SNAPSHOT_AGE_MS_MAX;
    return isOld
      ? { state: 'warning', title, what, next: 'keelctl snapshot create, unless hardly anything was traded since' }
      : { state: 'ok', title, what, next: '' };
  } catch (fault) {
    return { state: 'fault', title, what: explainFault(fault), next: 'name the data directory of the node' };
  }
}

function checkLock(dataDir: string): CheckLine {
  const title = `lock of ${dataDir}`;
  const holder = holderOf(dataDir);
  if (holder === undefined) return { state: 'ok', title, what: 'nobody holds it', next: '' };
  if (isAlive(holder)) return { state: 'ok', title, what: `held by the running process ${holder}`, next: '' };
  return {
    state: 'warning',
    title,
    what: `left by process ${holder}, which is gone`,
    next: 'start the node: it takes the directory over by itself',
  };
}

function holderOf(dataDir: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8')) as { readonly pid?: unknown };
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    // No file, or one that was cut short: it names nobody.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM';
  }
}
