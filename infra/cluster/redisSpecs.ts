import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portNotOpen } from '../launcher/readiness.ts';
import type { ProcessSpec } from '../launcher/supervisor.ts';
import { type ClusterPorts, NUMBERS } from './ports.ts';

/** The name under which Sentinels know the primary. */
const MONITORED = 'keel';
/** Without an answer for so long a Sentinel takes the primary for dead; two of three must. */
const DOWN_AFTER_MS = 1_000;
/** Within this a fail-over that was begun must be done; after twice this time another one is tried. */
const FAILOVER_TIMEOUT_MS = 5_000;

type Settings = Readonly<Record<string, string | number>>;

/** How Redis is found by those who use it: by asking the Sentinels who is primary. */
export const redisUrl = (ports: ClusterPorts): string =>
  `redis-sentinel://${NUMBERS.map((number) => `127.0.0.1:${ports[`sentinel${number}`]}`).join(',')}/${MONITORED}`;

/**
 * A primary and its replica. Each has a file of settings, made anew here, because a Redis that Sentinels promote or demote
 * writes its new role there and has it again after a restart.
 */
export function redisSpecs(
  program: string,
  ports: ClusterPorts,
  subfolder: (name: string) => string,
): readonly ProcessSpec[] {
  return ([1, 2] as const).map((number) => {
    const name = `redis-${number}`;
    const port = ports[`redis${number}`];
    const settings: Settings = {
      port,
      bind: '127.0.0.1',
      dir: quoted(subfolder(name)),
      // A read model and a job queue that are rebuilt at will: nothing of it goes to disk.
      save: '""',
      appendonly: 'no',
      'maxmemory-policy': 'noeviction',
      'stop-writes-on-bgsave-error': 'no',
      // The only replica: nobody else is to be waited for before it is sent everything.
      'repl-diskless-sync-delay': 0,
      ...(number === 1 ? {} : { replicaof: `127.0.0.1 ${ports.redis1}` }),
    };
    const file = writeSettings(subfolder(name), settings);
    return {
      name,
      command: program,
      args: [file],
      env: process.env,
      ports: { redis: port },
      notReady: () => portNotOpen(port),
    };
  });
}

/** Three Sentinels, who agree among themselves which Redis is primary. */
export function sentinelSpecs(
  program: string,
  ports: ClusterPorts,
  subfolder: (name: string) => string,
): readonly ProcessSpec[] {
  return NUMBERS.map((number) => {
    const name = `sentinel-${number}`;
    const port = ports[`sentinel${number}`];
    const file = writeSettings(subfolder(name), {
      port,
      bind: '127.0.0.1',
      dir: quoted(subfolder(name)),
      [`sentinel monitor ${MONITORED}`]: `127.0.0.1 ${ports.redis1} 2`,
      [`sentinel down-after-milliseconds ${MONITORED}`]: DOWN_AFTER_MS,
      [`sentinel failover-timeout ${MONITORED}`]: FAILOVER_TIMEOUT_MS,
    });
    const args = [file, '--sentinel'];
    return {
      name,
      command: program,
      args,
      env: process.env,
      ports: { sentinel: port },
      notReady: () => portNotOpen(port),
    };
  });
}

function writeSettings(folder: string, settings: Settings): string {
  const file = join(folder, 'redis.conf');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  return file;
}

/** A path may have blanks in it. */
const quoted = (path: string): string => JSON.stringify(path);
