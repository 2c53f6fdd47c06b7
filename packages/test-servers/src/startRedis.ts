import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { redisServerProgram } from './config.ts';
import { endWithFile } from './endWithFile.ts';
import { freePort } from './freePort.ts';

/** A Redis of this test's own, on a free loopback port, that keeps nothing on disk. */
export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  /** For looking inside. */
  readonly client: Redis;
  /** kill -9, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when it answers. */
export async function startRedis(): Promise<OwnRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'keel-redis-'));
  const port = await freePort();
  let server = await spawnRedis(port, directory);
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  client.on('error', () => undefined);
  const kill = async (): Promise<void> => {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    kill,
    restart: async () => {
      server = await spawnRedis(port, directory);
    },
    stop: async () => {
      client.disconnect();
      if (server.exitCode === null && server.signalCode === null) await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function spawnRedis(port: number, directory: string): Promise<ChildProcess> {
  const binary = redisServerProgram();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory];
  const server = spawn(binary, args, { stdio: 'ignore' });
  endWithFile(server);
  server.on('error', (fault) => {
    throw new Error(`${binary} cannot be started (set KEEL_REDIS_SERVER): ${fault.message}`);
  });
  const probe = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  await probe.ping();
  probe.disconnect();
  return server;
}
