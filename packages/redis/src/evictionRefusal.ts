import type { Redis } from 'ioredis';

/** The one policy under which Redis says that it is full. Every other makes room by deleting a part of the read model. */
const NOTHING_EVICTED = 'noeviction';

/**
 * The sentence that refuses a Redis which may evict keys, or undefined. CONFIG is forbidden at some providers; INFO says it
 * too. Rejects when neither is answered because the connection is gone.
 */
export async function evictionRefusal(redis: Redis, shown: string): Promise<string | undefined> {
  const policy = (await fromConfig(redis)) ?? (await fromInfo(redis));
  if (policy === NOTHING_EVICTED) return undefined;
  if (policy === undefined)
    return `${shown} tells its maxmemory-policy to nobody: allow CONFIG GET or INFO to this user, it must be ${NOTHING_EVICTED}`;
  return `${shown} has maxmemory-policy ${policy} and would delete parts of the read model when it is full: set ${NOTHING_EVICTED}`;
}

async function fromConfig(redis: Redis): Promise<string | undefined> {
  const reply = await unlessForbidden(redis.config('GET', 'maxmemory-policy'));
  return Array.isArray(reply) ? (reply[1] as string | undefined) : undefined;
}

async function fromInfo(redis: Redis): Promise<string | undefined> {
  const reply = await unlessForbidden(redis.info('memory'));
  return typeof reply === 'string' ? /^maxmemory_policy:(\S+)/m.exec(reply)?.[1] : undefined;
}

/** Undefined when Redis answers that this is not allowed, or not known to it. */
async function unlessForbidden(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (fault) {
    if (fault instanceof Error && /^(NOPERM|ERR unknown (command|subcommand)|ERR .*not allowed)/i.test(fault.message))
      return undefined;
    throw fault;
  }
}
