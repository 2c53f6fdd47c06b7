import { Redis, type RedisOptions } from 'ioredis';

/** Redis could not be reached when a process started; the message names host and port, never the password. */
export class RedisUnreachable extends Error {
  override readonly name = 'RedisUnreachable';
}

/** Longest wait between two attempts to connect again. */
const RETRY_MS_MAX = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * No command is ever sent twice or kept for later. The library's defaults would replay a flush after a reconnect
 * (autoResendUnfulfilledCommands), pile up commands while Redis is away (enableOfflineQueue) and hold a caller for 20
 * attempts (maxRetriesPerRequest); whoever writes or reads here decides itself what to do next.
 */
const ONCE_OR_NEVER = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_TIMEOUT_MS,
  lazyConnect: true,
} satisfies RedisOptions;

export interface ConnectOptions {
  /** Shown by CLIENT LIST. */
  readonly name: string;
  /** A command without an answer after this time rejects; what became of it is unknown. */
  readonly commandTimeoutMs: number;
  /** False: a lost connection stays lost, so that a transaction begun on it cannot go on over another one. */
  readonly reconnect: boolean;
}

/** A connection that is up; afterwards it comes back by itself if `reconnect`. Throws `RedisUnreachable`. */
export async function connectRedis(url: string, options: ConnectOptions): Promise<Redis> {
  const redis = new Redis(url, {
    ...ONCE_OR_NEVER,
    connectionName: options.name,
    commandTimeout: options.commandTimeoutMs,
    retryStrategy: options.reconnect ? (attempt: number) => Math.min(50 * attempt, RETRY_MS_MAX) : () => null,
  });
  // Commands report their own failure and `close` says that the connection is gone; without a listener the library
  // would print each attempt.
  let lastFault = 'no answer';
  redis.on('error', (fault: Error) => {
    lastFault = fault.message;
  });
  try {
    await redis.connect();
  } catch {
    redis.disconnect();
    const { hostname, port } = new URL(url);
    throw new RedisUnreachable(`Redis at ${hostname}:${port === '' ? 6379 : port} cannot be reached: ${lastFault}`);
  }
  return redis;
}
