import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithFile } from '@keel/test-servers';

/** A process that this test started, and ends by its own process id. */
export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** The last 64 KiB it printed, for the message of a failed test. */
  output(): string;
  /** Sends the signal and waits for the end; returns the exit code, null after a killing signal. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const OUTPUT_CHARACTERS_MAX = 65_536;

export function startChild(name: string, command: string, args: readonly string[], env: Record<string, string>): Child {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  endWithFile(child);
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (fault) => keep(Buffer.from(`\n${name}: ${fault.message}\n`)));
  return {
    name,
    process: child,
    output: () => printed,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
        const exit = once(child, 'exit');
        child.kill(signal);
        await exit;
      }
      return child.exitCode;
    },
  };
}
