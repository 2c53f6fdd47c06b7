/** The Redis program: what `npm test` found or installed, else redis-server of the PATH. */
export function redisServerProgram(): string {
  return process.env.KEEL_REDIS_SERVER ?? 'redis-server';
}

/** The environment without what it says to etcd: ETCD_* variables are options of its own. */
export function etcdEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ETCD_')));
}

/** The etcd program: what `npm test` found or installed, else etcd of the PATH. */
export function etcdProgram(): string {
  return process.env.KEEL_ETCD ?? 'etcd';
}
