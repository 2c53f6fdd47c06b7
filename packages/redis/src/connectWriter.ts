import type { Redis } from 'ioredis';
import { type ConnectOptions, connectRedis } from './connectRedis.ts';
import { describeRedis } from './createRedis.ts';
import { evictionRefusal } from './evictionRefusal.ts';
import { passwordRefusal, RedisUnfit } from './redisFaults.ts';

/** How often a Redis that may evict keys is asked again: somebody may correct it without a restart. */
const ASK_AGAIN_MS = 2_000;

/**
 * A connection that somebody writes through. At each connect it is found out whether this Redis (after a fail-over another
 * one) may evict keys; until that is answered, and if it may, nothing is written.
 */
export class WriterConnection {
  readonly redis: Redis;
  readonly #shown: string;
  /** What was found is about the connection of this number; a late answer about an earlier one is dropped. */
  #connects = 0;
  #admitted = false;
  #refusal: string | undefined;
  #onWritable: () => void = () => undefined;
  #onRefused: (sentence: string) => void = () => undefined;

  constructor(url: string, redis: Redis) {
    this.redis = redis;
    this.#shown = describeRedis(url);
    redis.on('close', () => this.#forget());
    redis.on('ready', () => void this.admit());
    redis.on('error', (fault: Error) => this.#refuse(passwordRefusal(this.#shown, fault.message)));
  }

  /** Connected, and to a Redis that evicts nothing. */
  get writable(): boolean {
    return this.#admitted && this.redis.status === 'ready';
  }

  /** Calls `listener` each time the connection becomes writable (again). */
  onWritable(listener: () => void): void {
    this.#onWritable = listener;
  }

  /** Calls `listener` once per sentence when Redis is there and must not be used: it may evict, or refuses the password. */
  onRefused(listener: (sentence: string) => void): void {
    this.#onRefused = listener;
    if (this.#refusal !== undefined) listener(this.#refusal);
  }

  /** Rejects with the reason before anything is sent. */
  assertWritable(): void {
    if (this.#refusal !== undefined) throw new RedisUnfit(this.#refusal);
    if (!this.writable) throw new Error(`${this.#shown} is not connected`);
  }

  /** Asks this Redis for its policy. The sentence that refuses it, or undefined. Never rejects. */
  async admit(): Promise<string | undefined> {
    this.#forget();
    const connect = this.#connects;
    let refusal: string | undefined;
    try {
      refusal = await evictionRefusal(this.redis, this.#shown);
    } catch {
      // No answer is no connection, which comes back; a connection that hangs has to be given up for that.
      if (connect === this.#connects) this.redis.disconnect(true);
      return undefined;
    }
    if (connect !== this.#connects) return undefined;
    if (refusal !== undefined) {
      this.#refuse(refusal);
      setTimeout(() => {
        if (connect === this.#connects) void this.admit();
      }, ASK_AGAIN_MS).unref();
      return refusal;
    }
    this.#refusal = undefined;
    this.#admitted = true;
    this.#onWritable();
    return undefined;
  }

  #forget(): void {
    this.#connects += 1;
    this.#admitted = false;
  }

  #refuse(refusal: string | undefined): void {
    if (refusal === undefined || refusal === this.#refusal) return;
    this.#refusal = refusal;
    this.#onRefused(refusal);
  }
}

/**
 * As `connectRedis`, for who writes. Throws `RedisUnfit` also when Redis may evict keys; one that `mayBeAway` tells its
 * `onRefused` instead.
 */
export async function connectWriter(url: string, options: ConnectOptions): Promise<WriterConnection> {
  const redis = await connectRedis(url, options);
  const connection = new WriterConnection(url, redis);
  if (options.mayBeAway === true) return connection;
  const refusal = await connection.admit();
  if (refusal !== undefined) {
    redis.disconnect();
    throw new RedisUnfit(refusal);
  }
  return connection;
}
