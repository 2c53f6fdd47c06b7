/** Redis could not be reached when a process started; the message names host and port, never the password. */
export class RedisUnreachable extends Error {
  override readonly name = 'RedisUnreachable';
}

/**
 * Redis is there and must not be used as it is: it refuses the password, may evict keys, or its address cannot be read.
 * The message is one sentence that says what to correct.
 */
export class RedisUnfit extends Error {
  override readonly name = 'RedisUnfit';
}

/** What Redis says to a wrong user or password, or to none where one is due. */
const PASSWORD_REFUSED = /\b(WRONGPASS|NOAUTH)\b|invalid password|without any password configured/;

/** The sentence about a refused password, or undefined when `message` is about something else. */
export function passwordRefusal(shown: string, message: string): string | undefined {
  if (!PASSWORD_REFUSED.test(message)) return undefined;
  return `${shown} refuses the password: correct user and password in KEEL_REDIS_URL`;
}

/** Redis is away, was emptied and is not rebuilt yet, or fell back to an older state. Asking again later helps. */
export class ReadModelUnavailable extends Error {
  override readonly name = 'ReadModelUnavailable';
}
