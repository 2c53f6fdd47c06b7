import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder } from './dataFolder.ts';
import { DevnetFault } from './devnetFault.ts';
import { endProcess } from './endProcess.ts';
import { lastWords } from './lastWords.ts';
import { identify, type ProcessIdentity } from './processIdentity.ts';

/** A service that dies this often in one run is not mended by another start. */
const RESTARTS_MAX = 5;
const RESTART_PAUSE_MS = 500;
/** How long a process may take from its start until it is ready. */
const READY_MS_MAX = 60_000;
const READY_POLL_MS = 50;

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Resolves to undefined when the process is ready, else to the reason why it is not yet. */
  readonly notReady: () => Promise<string | undefined>;
}

export interface Supervisor {
  /** Starts a process and waits until it is ready. Throws DevnetFault with the process's own last words. */
  start(spec: ProcessSpec): Promise<void>;
  /** Where a process's output of this run is written. */
  logPath(name: string): string;
  /** Stops all that still run, the last started first. */
  stopAll(): Promise<void>;
}

interface Running {
  readonly spec: ProcessSpec;
  child: ChildProcess;
  identity: ProcessIdentity | undefined;
  restarts: number;
  /** Set while its end is wanted or its first start is watched: an exit is then nobody's surprise. */
  expected: boolean;
}

interface SupervisorOptions {
  readonly folder: DataFolder;
  readonly say: (line: string) => void;
  /** Called once, when a process died too often to go on. */
  readonly giveUp: (fault: DevnetFault) => void;
}

/** Starts processes, starts those again that die, and stops them in reverse order. */
export function openSupervisor({ folder, say, giveUp }: SupervisorOptions): Supervisor {
  const running = new Map<string, Running>();
  const guard = startGuard();
  let stopping = false;

  const logPath = (name: string): string => join(folder.logs, `${name}.log`);

  const launch = (spec: ProcessSpec): ChildProcess => {
    const log = openSync(logPath(spec.name), 'a');
    // A session of its own: Ctrl-C in the terminal reaches the launcher alone, which then stops things in order.
    const child = spawn(spec.command, spec.args, { env: spec.env, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    child.on('error', () => undefined);
    child.on('exit', () => died(spec.name, child));
    return child;
  };

  const adopt = (entry: Running): void => {
    entry.identity = entry.child.pid === undefined ? undefined : identify(entry.child.pid);
    if (entry.identity !== undefined) guard.stdin?.write(`${JSON.stringify(entry.identity)}\n`);
    const identities = [...running.values()].map((each) => each.identity).filter((each) => each !== undefined);
    writeFileSync(folder.processes, JSON.stringify(identities));
  };

  const waitUntilReady = async (entry: Running): Promise<void> => {
    const deadline = Date.now() + READY_MS_MAX;
    let reason: string | undefined = 'it has not answered';
    while (!stopping) {
      if (hasEnded(entry.child))
        throw new DevnetFault(`${entry.spec.name} did not start: ${lastWords(logPath(entry.spec.name))}`);
      reason = await entry.spec.notReady().catch(() => 'it has not answered');
      if (reason === undefined) return;
      if (Date.now() > deadline) {
        throw new DevnetFault(
          `${entry.spec.name} was not ready after ${READY_MS_MAX / 1000} s: ${reason}; its log is ${logPath(entry.spec.name)}.`,
        );
      }
      await sleep(READY_POLL_MS);
    }
  };

  const died = (name: string, child: ChildProcess): void => {
    const entry = running.get(name);
    if (entry === undefined || entry.child !== child || entry.expected || stopping) return;
    restart(entry).catch((fault: unknown) => {
      if (!stopping)
        giveUp(
          fault instanceof DevnetFault ? fault : new DevnetFault(`${name} could not be restarted: ${String(fault)}`),
        );
    });
  };

  const restart = async (entry: Running): Promise<void> => {
    const { name } = entry.spec;
    const how = entry.child.signalCode ?? `exit code ${entry.child.exitCode}`;
    if (entry.restarts >= RESTARTS_MAX) {
      throw new DevnetFault(`${name} died ${RESTARTS_MAX + 1} times (${how}): ${lastWords(logPath(name))}`);
    }
    entry.restarts += 1;
    say(`${name} died (${how}); starting it again, ${entry.restarts} of ${RESTARTS_MAX}`);
    await sleep(RESTART_PAUSE_MS * 2 ** (entry.restarts - 1));
    if (stopping) return;
    entry.child = launch(entry.spec);
    adopt(entry);
    // It may die again before it is ready; that is seen as its next death, not waited for here.
    const child = entry.child;
    while (!stopping && entry.child === child && !hasEnded(child)) {
      if ((await entry.spec.notReady().catch(() => 'silent')) === undefined) return say(`${name} is ready again`);
      await sleep(READY_POLL_MS);
    }
  };

  const stop = async (name: string): Promise<void> => {
    const entry = running.get(name);
    if (entry === undefined) return;
    entry.expected = true;
    if (entry.identity !== undefined && !(await endProcess(entry.identity)))
      say(`${name} did not stop when asked; it was ended`);
    running.delete(name);
  };

  return {
    async start(spec) {
      if (existsSync(logPath(spec.name))) renameSync(logPath(spec.name), `${logPath(spec.name)}.before`);
      const entry: Running = { spec, child: launch(spec), identity: undefined, restarts: 0, expected: true };
      running.set(spec.name, entry);
      adopt(entry);
      await waitUntilReady(entry);
      entry.expected = false;
      if (hasEnded(entry.child)) died(spec.name, entry.child);
    },
    logPath,
    async stopAll() {
      stopping = true;
      for (const name of [...running.keys()].reverse()) await stop(name);
      writeFileSync(folder.processes, '[]');
      guard.stdin?.end();
    },
  };
}

function startGuard(): ChildProcess {
  const guard = spawn(process.execPath, [join(import.meta.dirname, 'guard.ts')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  return guard;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
