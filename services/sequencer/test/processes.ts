import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { IntakeClient, type IntakeRole } from '@keel/intake';
import { endWithFile, freePort } from '@keel/test-servers';
import { FEEDERS, SETTLEMENT } from './feeders.ts';

export const TOKEN = 'ab'.repeat(32);

/** A process of a test, with what it said. Ended by its own id. */
export interface Running {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
}

export function run(command: string, args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(command, args, { env: { PATH: process.env.PATH ?? '', ...env } });
  endWithFile(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, output, ended };
}

export async function end(running: Running | undefined, signal: NodeJS.Signals): Promise<number | null> {
  if (running === undefined) return null;
  if (running.child.exitCode === null) running.child.kill(signal);
  return running.ended;
}

/** Waits for a condition; a process that ended meanwhile is a failure with what it said. */
export async function until(condition: () => boolean | Promise<boolean>, watched?: Running): Promise<void> {
  while (!(await condition())) {
    if (watched?.child.exitCode != null)
      throw new Error(`ended with ${watched.child.exitCode}: ${watched.output.stderr}\n${watched.output.stdout}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A real Redis without persistence; ready when it answers. */
export async function startRedis(port: number, dir: string): Promise<Running> {
  const server = process.env.KEEL_REDIS_SERVER ?? 'redis-server';
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no'];
  const redis = run(server, args);
  await until(() => redis.output.stdout.includes('Ready to accept connections'), redis);
  return redis;
}

export interface SequencerPlace {
  readonly dataDir: string;
  readonly redisPort: number;
  readonly intakePort: number;
  readonly adminPort: number;
}

export async function newPlace(dataDir: string): Promise<SequencerPlace> {
  return { dataDir, redisPort: await freePort(), intakePort: await freePort(), adminPort: await freePort() };
}

export function spawnSequencer(place: SequencerPlace, env: Record<string, string> = {}): Running {
  return run(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    KEEL_DATA_DIR: place.dataDir,
    KEEL_REDIS_URL: `redis://127.0.0.1:${place.redisPort}`,
    KEEL_INTAKE_PORT: String(place.intakePort),
    KEEL_INTAKE_TOKEN: TOKEN,
    KEEL_ADMIN_PORT: String(place.adminPort),
    KEEL_SETTLEMENT_ADDRESS: SETTLEMENT,
    KEEL_PRICE_FEEDERS: FEEDERS.map(({ feeder }) => feeder).join(','),
    ...env,
  });
}

/** A sequencer that takes commands. */
export async function startSequencer(place: SequencerPlace, env: Record<string, string> = {}): Promise<Running> {
  const sequencer = spawnSequencer(place, env);
  await until(() => sequencer.output.stdout.includes('"message":"started"'), sequencer);
  return sequencer;
}

export async function connect(place: SequencerPlace, role: IntakeRole): Promise<IntakeClient> {
  const client = new IntakeClient({ url: `ws://127.0.0.1:${place.intakePort}`, token: TOKEN, role });
  await client.ready();
  return client;
}

export async function adminJson(place: SequencerPlace, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${place.adminPort}${path}`);
  return (await response.json()) as Record<string, unknown>;
}
