/** The Redis program: what `npm test` found or installed, else redis-server of the PATH. */
export function redisServerProgram(): string {
  return process.env.KEEL_REDIS_SERVER ?? 'redis-server';
}
