/** The Redis program: what `npm test` found or installed, else redis-server of the PATH. */
export function redisServerProgram(): string {
  return process.env.KEEL_REDIS_SERVER ?? 'redis-server';
}

/** The etcd program: what `npm test` found or installed, else etcd of the PATH. */
export function etcdProgram(): string {
  return process.env.KEEL_ETCD ?? 'etcd';
}
