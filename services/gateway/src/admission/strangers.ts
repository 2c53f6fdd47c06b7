import { ApiError } from '../errors.ts';
import { TokenBucket } from '../socket/tokenBucket.ts';
import {
  STRANGERS_AT_ONCE_MIN,
  STRANGERS_BURST_SECONDS,
  STRANGERS_ONE_IN,
  STRANGERS_REMEMBERED_MAX,
} from './limits.ts';

/** Refusals of a request whose signer may not act for the account that it names, or that has none. */
const OF_STRANGERS: ReadonlySet<string> = new Set([
  'BAD_SIGNATURE',
  'ACCOUNT_UNKNOWN',
  'SIGNER_NOT_AUTHORIZED',
  'AGENT_EXPIRED',
]);

/**
 * Such requests use up nobody's budget, whatever they cost: a check, a place in a class that may be the most urgent one, and a
 * place in the log. So they use up that of the network address they come from; without any left, what it signs is refused unread.
 */
export class Strangers {
  readonly #perSecond: number;
  readonly #monotonicMs: () => number;
  /** By network address, of those that sent one; the one that sent none for longest first. */
  readonly #buckets = new Map<string, TokenBucket>();

  /** `ratePerMinute`: requests that one network address may send. */
  constructor(ratePerMinute: number, monotonicMs: () => number) {
    this.#perSecond = ratePerMinute / 60 / STRANGERS_ONE_IN;
    this.#monotonicMs = monotonicMs;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Runs a signed request of a network address; undefined: it is our own. `isStrangers` says of a refusal that is none of ours
   * whether it is of that kind. Throws RATE_LIMITED, or as `run` does.
   */
  async guard<Result>(
    from: string | undefined,
    run: () => Promise<Result>,
    isStrangers: (fault: unknown) => boolean = () => false,
  ): Promise<Result> {
    if (from === undefined) return run();
    this.#refuse(from);
    try {
      return await run();
    } catch (fault) {
      if ((fault instanceof ApiError && OF_STRANGERS.has(fault.code)) || isStrangers(fault)) this.#note(from);
      throw fault;
    }
  }

  #refuse(from: string): void {
    const bucket = this.#buckets.get(from);
    if (bucket === undefined || bucket.left(this.#monotonicMs()) >= 1) return;
    throw new ApiError('RATE_LIMITED', {
      fault: 'too many requests from here were signed by nobody who may act',
      retryAfterMs: Math.ceil(1_000 / this.#perSecond),
    });
  }

  #note(from: string): void {
    const nowMs = this.#monotonicMs();
    const atOnce = Math.max(STRANGERS_AT_ONCE_MIN, this.#perSecond * STRANGERS_BURST_SECONDS);
    const bucket = this.#buckets.get(from) ?? new TokenBucket(this.#perSecond, atOnce, nowMs);
    bucket.take(nowMs);
    this.#buckets.delete(from);
    this.#buckets.set(from, bucket);
    if (this.#buckets.size <= STRANGERS_REMEMBERED_MAX) return;
    const [quietest] = this.#buckets.keys();
    if (quietest !== undefined) this.#buckets.delete(quietest);
  }
}
