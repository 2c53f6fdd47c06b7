import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder } from './dataFolder.ts';
import { DevnetFault } from './devnetFault.ts';
import { endProcess } from './endProcess.ts';
import type { Holds } from './holds.ts';
import { lastWords, ownWords } from './lastWords.ts';
import { openLog, type ProcessLog } from './openLog.ts';
import { identify, isRunning, type ProcessIdentity } from './processIdentity.ts';
import { type ListedProcess, tellableEnv } from './processList.ts';
import { FEW_RESTARTS, type RestartPolicy } from './restartPolicy.ts';

/** How often it is looked whether a process that is held may be started again. */
const HELD_POLL_MS = 250;
/** A full disk is no fault of the process: it is tried again without end, at first soon, then at this pace. */
const FULL_DISK = /the disk is full|the disk quota is used up|\bENOSPC\b|\bEDQUOT\b/;
const ROOM_PAUSE_MS = 1_000;
const ROOM_PAUSE_MS_MAX = 30_000;
/** One that lived this long after a full disk has found room. */
const ROOM_PROVEN_MS = 5_000;
/** How long a process may take from its start until it is ready. */
const READY_MS_MAX = 60_000;
const READY_POLL_MS = 50;
/** How long what a stopped process still says is taken. */
const LAST_WORDS_MS_MAX = 1_000;

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What it listens on, by purpose; told in the list of processes. */
  readonly ports: Readonly<Record<string, number>>;
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

/** One life of a process. */
interface Life {
  readonly child: ChildProcess;
  readonly log: ProcessLog;
  /** Resolves when the process has ended and everything it said was taken. */
  readonly over: Promise<unknown>;
  /** Its death was acted on; two notices of one death must not start two processes. */
  mourned: boolean;
}

interface Running {
  readonly spec: ProcessSpec;
  life: Life;
  identity: ProcessIdentity | undefined;
  restarts: number;
  /** When this life was ready, milliseconds; undefined before that. */
  readyAtMs: number | undefined;
  /** Deaths of a full disk since there was room last. */
  fullDisks: number;
  /** Set while its end is wanted or its first start is watched: an exit is then nobody's surprise. */
  expected: boolean;
}

interface SupervisorOptions {
  readonly folder: DataFolder;
  readonly say: (line: string) => void;
  /** Called once, when a process died too often to go on. */
  readonly giveUp: (fault: DevnetFault) => void;
  readonly restarts?: RestartPolicy;
  /** Who is held back from being started again. */
  readonly holds?: Holds;
}

/** Starts processes, starts those again that die, and stops them in reverse order. */
export function openSupervisor(options: SupervisorOptions): Supervisor {
  const { folder, say, giveUp, restarts: policy = FEW_RESTARTS, holds } = options;
  const running = new Map<string, Running>();
  const guard = startGuard();
  const stopping = new AbortController();
  const pause = (milliseconds: number): Promise<void> =>
    sleep(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);

  const logPath = (name: string): string => join(folder.logs, `${name}.log`);

  const launch = (spec: ProcessSpec): Life => {
    const log = openLog(logPath(spec.name));
    // A session of its own: Ctrl-C in the terminal reaches the launcher alone, which then stops things in order.
    const child = spawn(spec.command, spec.args, {
      env: spec.env,
      stdio: ['ignore', log.fd, 'pipe'],
      detached: true,
    });
    child.stderr?.setEncoding('utf8').on('data', log.keepError);
    child.on('error', () => undefined);
    const life = { child, log, over: once(child, 'close').catch(() => undefined), mourned: false };
    void life.over.then(() => died(spec.name, life));
    return life;
  };

  const adopt = (entry: Running): void => {
    const { pid } = entry.life.child;
    entry.identity = pid === undefined ? undefined : identify(pid);
    if (entry.identity !== undefined) guard.stdin?.write(`${JSON.stringify(entry.identity)}\n`);
    noteProcesses([...running.values()]);
  };

  const noteProcesses = (entries: readonly Running[]): void => {
    const listed = entries.flatMap(({ identity, spec: { name, ports, env } }): readonly ListedProcess[] =>
      identity === undefined || !isRunning(identity) ? [] : [{ name, ...identity, ports, env: tellableEnv(env) }],
    );
    try {
      // In one step: people and tests read it while it is written.
      writeFileSync(`${folder.processes}.new`, JSON.stringify(listed));
      renameSync(`${folder.processes}.new`, folder.processes);
    } catch (fault) {
      // The guard knows them too; the list is only for the case that guard and launcher are both killed.
      say(`${folder.processes} cannot be written: ${String(fault)}`);
    }
  };

  const waitUntilReady = async (entry: Running): Promise<void> => {
    const deadline = Date.now() + READY_MS_MAX;
    let reason: string | undefined = 'it has not answered';
    while (!stopping.signal.aborted) {
      if (hasEnded(entry.life.child))
        throw new DevnetFault(`${entry.spec.name} did not start: ${await wordsOf(entry)}`);
      reason = await entry.spec.notReady().catch(() => 'it has not answered');
      if (reason === undefined) return;
      if (Date.now() > deadline) {
        throw new DevnetFault(
          `${entry.spec.name} was not ready after ${READY_MS_MAX / 1000} s: ${reason}; its log is ${logPath(entry.spec.name)}.`,
        );
      }
      await pause(READY_POLL_MS);
    }
  };

  /** Everything a dead process has to say about its end. */
  const wordsOf = async (entry: Running): Promise<string> => {
    await entry.life.over;
    return lastWords(entry.life.log.said()) ?? `it said nothing; its log is ${logPath(entry.spec.name)}`;
  };

  const died = (name: string, life: Life): void => {
    const entry = running.get(name);
    if (entry?.life !== life || life.mourned || entry.expected || stopping.signal.aborted) return;
    life.mourned = true;
    restart(entry).catch((fault: unknown) => {
      if (!stopping.signal.aborted)
        giveUp(
          fault instanceof DevnetFault ? fault : new DevnetFault(`${name} could not be restarted: ${String(fault)}`),
        );
    });
  };

  const restart = async (entry: Running): Promise<void> => {
    const { name } = entry.spec;
    noteProcesses([...running.values()]);
    if (policy.leaveDead) holds?.hold(name);
    const held = holds?.isHeld(name) ?? false;
    const ofFullDisk = !held && FULL_DISK.test(ownWords(entry.life.log.said()) ?? '');
    if (held)
      say(`${name} is stopped${whyOf(entry)} and held; start it again with npm run -s cluster -- start ${name}`);
    else await pause(ofFullDisk ? pauseForRoom(entry) : await pauseForAnother(entry));
    while (holds?.isHeld(name) === true && !stopping.signal.aborted) await pause(HELD_POLL_MS);
    if (stopping.signal.aborted) return;
    entry.life.log.close();
    const life = launch(entry.spec);
    entry.life = life;
    entry.readyAtMs = undefined;
    adopt(entry);
    // It may die again before it is ready; that is seen as its next death, not waited for here.
    while (!stopping.signal.aborted && !hasEnded(life.child)) {
      if ((await entry.spec.notReady().catch(() => 'silent')) === undefined) break;
      await pause(READY_POLL_MS);
    }
    if (ofFullDisk) await pause(ROOM_PROVEN_MS);
    if (stopping.signal.aborted || hasEnded(life.child)) return;
    entry.fullDisks = 0;
    entry.readyAtMs = performance.now();
    say(`${name} is ready again`);
  };

  const howOf = ({ life: { child } }: Running): string => child.signalCode ?? `exit code ${child.exitCode}`;

  /** Its own sentence, or how it ended. */
  const whyOf = (entry: Running): string => {
    const words = ownWords(entry.life.log.said())?.replace(/[.;]$/, '');
    return words === undefined ? ` (${howOf(entry)})` : `: ${words}`;
  };

  /** Says why a process died; milliseconds until its next start. Throws DevnetFault when it died too often. */
  const pauseForAnother = async (entry: Running): Promise<number> => {
    const { name } = entry.spec;
    const { restartsMax, pauseMs, pauseMsMax, provenMs } = policy;
    const how = howOf(entry);
    if (entry.readyAtMs !== undefined && performance.now() - entry.readyAtMs >= provenMs) entry.restarts = 0;
    if (entry.restarts >= restartsMax) {
      throw new DevnetFault(`${name} died ${restartsMax + 1} times (${how}): ${await wordsOf(entry)}`);
    }
    entry.restarts += 1;
    const milliseconds = Math.min(pauseMsMax, pauseMs * 2 ** (entry.restarts - 1));
    const counted = Number.isFinite(restartsMax)
      ? `starting it again, ${entry.restarts} of ${restartsMax}`
      : `starting it again in ${milliseconds / 1000} s`;
    say(`${name} died${whyOf(entry)}; ${counted}`);
    return milliseconds;
  };

  /** Says once that a process needs room on the disk; milliseconds until it is looked whether there is some. */
  const pauseForRoom = (entry: Running): number => {
    if (entry.fullDisks === 0) {
      say(`${entry.spec.name} died: ${ownWords(entry.life.log.said())}; it is tried again until there is room`);
    }
    entry.fullDisks += 1;
    return Math.min(ROOM_PAUSE_MS_MAX, ROOM_PAUSE_MS * 2 ** (entry.fullDisks - 1));
  };

  const stop = async (name: string): Promise<void> => {
    const entry = running.get(name);
    if (entry === undefined) return;
    entry.expected = true;
    if (entry.identity !== undefined && !(await endProcess(entry.identity)))
      say(`${name} did not stop when asked; it was ended`);
    // Bounded: somebody whom it started may hold its standard error open.
    await Promise.race([entry.life.over, sleep(LAST_WORDS_MS_MAX, undefined, { ref: false })]);
    entry.life.log.close();
    running.delete(name);
  };

  return {
    async start(spec) {
      if (existsSync(logPath(spec.name))) renameSync(logPath(spec.name), `${logPath(spec.name)}.before`);
      const entry: Running = {
        spec,
        life: launch(spec),
        identity: undefined,
        restarts: 0,
        readyAtMs: undefined,
        fullDisks: 0,
        expected: true,
      };
      running.set(spec.name, entry);
      adopt(entry);
      await waitUntilReady(entry);
      entry.expected = false;
      entry.readyAtMs = performance.now();
      const { life } = entry;
      if (hasEnded(life.child)) void life.over.then(() => died(spec.name, life));
    },
    logPath,
    async stopAll() {
      stopping.abort();
      for (const name of [...running.keys()].reverse()) await stop(name);
      noteProcesses([]);
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
