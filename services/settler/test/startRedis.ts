import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A Redis of this test's own, on a free loopback port, that keeps nothing on disk. */
export async function startRedis() {
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
    client,
    kill,
    /** Starts it again on the same port, empty. */
    restart: async (): Promise<void> => {
      server = await spawnRedis(port, directory);
    },
    stop: async (): Promise<void> => {
      client.disconnect();
      if (server.exitCode === null && server.signalCode === null) await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function spawnRedis(port: number, directory: string): Promise<ChildProcess> {
  const binary = process.env.KEEL_REDIS_SERVER ?? 'redis-server';
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory];
  const server = spawn(binary, args, { stdio: 'ignore' });
  server.on('error', (fault) => {
    throw new Error(`${binary} cannot be started (set KEEL_REDIS_SERVER): ${fault.message}`);
  });
  const probe = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  await probe.ping();
  probe.disconnect();
  return server;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
