import { portNotOpen } from '../launcher/readiness.ts';
import type { ProcessSpec } from '../launcher/supervisor.ts';

/** The private Redis: a read model and a job queue that are rebuilt at will, so nothing of it goes to disk. */
export function redisSpec(port: number, dir: string, redisServer: string): ProcessSpec {
  const settings = {
    port,
    bind: '127.0.0.1',
    dir,
    save: '',
    appendonly: 'no',
    // The queue must never lose a job to make room, so a full Redis refuses instead of evicting.
    'maxmemory-policy': 'noeviction',
    'stop-writes-on-bgsave-error': 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const env = process.env;
  return { name: 'redis', command: redisServer, args, ports: { redis: port }, env, notReady: () => portNotOpen(port) };
}
