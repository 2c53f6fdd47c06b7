import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './processIdentity.ts';

/** A service is given this long for its clean stop (it bounds itself at 10 s); then it is ended. */
const STOP_MS_MAX = 12_000;
const POLL_MS = 25;

/** Asks a process to stop, waits, and ends it when it does not; true when it stopped by itself. */
export async function endProcess(identity: ProcessIdentity, stopMsMax = STOP_MS_MAX): Promise<boolean> {
  if (!isRunning(identity)) return true;
  send(identity.pid, 'SIGTERM');
  const deadline = Date.now() + stopMsMax;
  while (isRunning(identity)) {
    if (Date.now() > deadline) {
      send(identity.pid, 'SIGKILL');
      return false;
    }
    await sleep(POLL_MS);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}
