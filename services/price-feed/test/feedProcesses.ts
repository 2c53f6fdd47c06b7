import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { endWithFile, freePort } from '@keel/test-servers';
import { keyOf, SETTLEMENT, TOKEN } from './priceTaker.ts';

/** One process of the service, with what it said. Ended by its own id. */
export interface FeedProcess {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
}

const MAIN = join(import.meta.dirname, '../src/main.ts');

function start(port: number, env: Record<string, string>): FeedProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      KEEL_ADMIN_PORT: String(port),
      KEEL_SETTLEMENT_ADDRESS: SETTLEMENT,
      ...env,
    },
  });
  endWithFile(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, port, url: `http://127.0.0.1:${port}`, output, ended };
}

/** A feeder with a key of its own, that simulates unless it is told otherwise. On the port of one that was before, if given. */
export async function startFeeder(
  feeder: number,
  env: Record<string, string> = {},
  port?: number,
): Promise<FeedProcess> {
  return start(port ?? (await freePort()), { KEEL_PRICE_ROLE: 'feeder', KEEL_FEEDER_KEY: keyOf(feeder), ...env });
}

export async function startCollector(
  intakePort: number,
  feederUrls: readonly string[],
  env: Record<string, string> = {},
): Promise<FeedProcess> {
  return start(await freePort(), {
    KEEL_INTAKE_URL: `ws://127.0.0.1:${intakePort}`,
    KEEL_INTAKE_TOKEN: TOKEN,
    KEEL_FEEDER_URLS: feederUrls.join(','),
    KEEL_PRICE_INTERVAL_MS: '50',
    ...env,
  });
}

export async function end(feed: FeedProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (feed.child.exitCode === null) feed.child.kill(signal);
  return feed.ended;
}

/** What `/status` of a process shows. */
export async function statusOf<Status>(feed: FeedProcess): Promise<Status> {
  return (await (await fetch(`${feed.url}/status`)).json()) as Status;
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
