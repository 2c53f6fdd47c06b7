import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers';

/** How often a step that prints nothing to the screen says that it is still at work. */
const REMINDER_MS = 20_000;
/** A step that has not ended by then hangs; the whole run has to end well before CI's own limit. */
const STEP_LIMIT_MS = 40 * 60_000;

export interface StepRun {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
  readonly logPath: string;
}

export interface StepCommand {
  readonly name: string;
  readonly title: string;
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Print what the tool prints while it runs, for steps of minutes. */
  readonly live: boolean;
}

/**
 * Runs a step's tool to its end, keeps everything it prints in a log file, and says from time to time that it runs.
 * `stop` asks the tool to end; it is then waited for all the same, because it has servers of its own to end.
 */
export function runStep(step: StepCommand, logFolder: string, stop: AbortSignal): Promise<StepRun> {
  const startMs = Date.now();
  const logPath = join(logFolder, `${step.name}.log`);
  const log = createWriteStream(logPath);
  process.stdout.write(`keel: ${step.title} ...\n`);
  return new Promise((resolve) => {
    const child = spawn(step.command, step.args, {
      cwd: step.folder,
      env: step.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: string): void => {
      output += chunk;
      log.write(chunk);
      if (step.live) process.stdout.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const seconds = (): number => Math.round((Date.now() - startMs) / 1000);
    const reminder = setInterval(() => process.stdout.write(`keel: ${step.title} ... ${seconds()} s\n`), REMINDER_MS);
    const limit = setTimeout(() => {
      keep(`\nkeel: ended after ${seconds()} s without a result\n`);
      child.kill('SIGKILL');
    }, STEP_LIMIT_MS);
    const stopTool = (): void => void child.kill('SIGTERM');
    stop.addEventListener('abort', stopTool);
    const end = (exitCode: number): void => {
      stop.removeEventListener('abort', stopTool);
      clearInterval(reminder);
      clearTimeout(limit);
      log.end(() => resolve({ exitCode, output, seconds: seconds(), logPath }));
    };
    child.on('error', (fault) => {
      keep(`${step.command} could not be started: ${fault.message}\n`);
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}
