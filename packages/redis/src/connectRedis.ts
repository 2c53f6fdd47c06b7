import type { Redis, RedisOptions } from 'ioredis';
import { createRedis, describeRedis } from './createRedis.ts';
import { passwordRefusal, RedisUnfit, RedisUnreachable } from './redisFaults.ts';

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
  /**
   * A command without an answer after this time rejects; what became of it is unknown. A connection that says nothing for
   * so long is given up: behind it may be a host that is gone, or a primary that hangs and was replaced.
   */
  readonly commandTimeoutMs: number;
  /** False: a lost connection stays lost, so that a transaction begun on it cannot go on over another one. */
  readonly reconnect: boolean;
  /** True: a Redis that is away now is waited for in the background, and this is no fault. */
  readonly mayBeAway?: boolean | undefined;
}

/**
 * A connection that is up, unless it `mayBeAway`; afterwards it comes back by itself if `reconnect`, to the primary of that
 * moment. Throws `RedisUnreachable`, or `RedisUnfit` when the password or the address is wrong.
 */
export async function connectRedis(url: string, options: ConnectOptions): Promise<Redis> {
  const redis = createRedis(url, {
    ...ONCE_OR_NEVER,
    connectionName: options.name,
    commandTimeout: options.commandTimeoutMs,
    socketTimeout: options.commandTimeoutMs,
    retryStrategy: options.reconnect ? (attempt: number) => Math.min(50 * attempt, RETRY_MS_MAX) : () => null,
  });
  // Commands report their own failure and `close` says that the connection is gone; without a listener the library
  // would print each attempt.
  let lastFault = 'no answer';
  redis.on('error', (fault: Error) => {
    lastFault = fault.message;
  });
  const connecting = redis.connect();
  if (options.mayBeAway === true) {
    // What it rejects with is the `error` event, too.
    connecting.catch(() => undefined);
    return redis;
  }
  try {
    await within(CONNECT_TIMEOUT_MS, connecting);
  } catch {
    redis.disconnect();
    const shown = describeRedis(url);
    const refusal = passwordRefusal(shown, lastFault);
    if (refusal !== undefined) throw new RedisUnfit(refusal);
    throw new RedisUnreachable(`${shown} cannot be reached: ${lastFault}`);
  }
  return redis;
}

/** Asking Sentinels that are all away never ends by itself. */
async function within(ms: number, connecting: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), ms);
  });
  try {
    await Promise.race([connecting, late]);
  } finally {
    clearTimeout(timer);
  }
}
