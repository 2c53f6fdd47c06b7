import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithFile } from '@keel/test-servers';

/** Characters of output that are kept for the message of a failure. */
const KEPT_MAX = 16_384;
const READY_MS_MAX = 100_000;

/** A service of the exchange as a process of its own. */
export interface Service {
  output(): string;
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Starts a program with Node and resolves once `GET url/readyz` says yes. Throws with its output when it ends or never does. */
export async function startService(
  program: string,
  env: Readonly<Record<string, string>>,
  url: string,
): Promise<Service> {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithFile(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-KEPT_MAX);
    });
  }
  const deadline = performance.now() + READY_MS_MAX;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`${program} is not ready:\n${printed}`);
    await sleep(30);
  }
  return { output: () => printed, signal: (signal) => void child.kill(signal), stop: () => stop(child) };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
