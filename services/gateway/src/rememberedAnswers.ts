import { createHash } from 'node:crypto';
import { ApiError } from './errors.ts';

/** For how long an answer is kept. */
export const REMEMBERED_MS = 10 * 60_000;
/** Answers kept by one gateway, the oldest go first; */
export const REMEMBERED_MAX = 10_000;
/** and their bytes all together. */
export const REMEMBERED_BYTES_MAX = 32 * 1024 * 1024;

/** What a signed request was answered: 200, or how it was refused. */
export type Remembered = { readonly answer: object } | { readonly refused: ApiError };

interface Entry {
  readonly fingerprint: string;
  readonly outcome: Remembered;
  readonly bytes: number;
  readonly atMs: number;
}

export interface IdempotentRequest {
  /** The account that the body names, whoever signed. */
  readonly account: string;
  readonly key: string;
  readonly path: string;
  readonly body: unknown;
}

/**
 * Answers by account and Idempotency-Key, for clients that repeat a request whose answer they lost. Only what the exchange did
 * for that account is kept: an answer, or a refusal by the engine of a signer that may act. So nobody fills another's keys. What
 * is retryable is not kept, because a repeat is to try again.
 */
export class RememberedAnswers {
  readonly #nowMs: () => number;
  /** In the order in which they came, so the first is the oldest. */
  readonly #entries = new Map<string, Entry>();
  readonly #underWay = new Map<string, Promise<Remembered>>();
  #bytes = 0;

  /** `nowMs`: a clock that never goes back. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Runs the request, unless it was answered already or is under way. Throws IDEMPOTENCY_KEY_REUSED where the key stood on
   * another request of the account.
   */
  async once(
    request: IdempotentRequest,
    run: () => Promise<object>,
  ): Promise<{ outcome: Remembered; replayed: boolean }> {
    const name = JSON.stringify([request.account.toLowerCase(), request.key]);
    const fingerprint = fingerprintOf(request);
    if (fingerprint === undefined) return { outcome: await outcomeOf(run), replayed: false };
    this.#forgetOld();
    const known = this.#entries.get(name);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) throw new ApiError('IDEMPOTENCY_KEY_REUSED', { key: request.key });
      return { outcome: known.outcome, replayed: true };
    }
    const attempt = `${name} ${fingerprint}`;
    const underWay = this.#underWay.get(attempt);
    if (underWay !== undefined) return { outcome: await underWay, replayed: true };
    const running = outcomeOf(run);
    this.#underWay.set(attempt, running);
    const outcome = await running.finally(() => this.#underWay.delete(attempt));
    // Another body under this key may have been faster; the first that was answered keeps it.
    if (isKept(outcome) && !this.#entries.has(name)) this.#keep(name, fingerprint, outcome);
    return { outcome, replayed: false };
  }

  #keep(name: string, fingerprint: string, outcome: Remembered): void {
    const text = JSON.stringify('answer' in outcome ? outcome.answer : outcome.refused.body());
    const bytes = name.length + fingerprint.length + text.length;
    this.#entries.set(name, { fingerprint, outcome, bytes, atMs: this.#nowMs() });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= REMEMBERED_MAX && this.#bytes <= REMEMBERED_BYTES_MAX) return;
      this.#drop(oldest, entry);
    }
  }

  #forgetOld(): void {
    const since = this.#nowMs() - REMEMBERED_MS;
    for (const [oldest, entry] of this.#entries) {
      if (entry.atMs > since) return;
      this.#drop(oldest, entry);
    }
  }

  #drop(name: string, { bytes }: Entry): void {
    this.#entries.delete(name);
    this.#bytes -= bytes;
  }
}

/**
 * Of the path and of the body as it was parsed, fields in the order they came in. Undefined of what is nested too deep to be
 * written again, as no request is that anything is done for.
 */
function fingerprintOf({ path, body }: IdempotentRequest): string | undefined {
  const text = textOf([path, body]);
  return text && createHash('sha256').update(text).digest('base64');
}

function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (fault) {
    // The parser goes deeper than the writer, whose stack this is.
    if (fault instanceof RangeError) return undefined;
    throw fault;
  }
}

async function outcomeOf(run: () => Promise<object>): Promise<Remembered> {
  try {
    return { answer: await run() };
  } catch (fault) {
    if (fault instanceof ApiError) return { refused: fault };
    throw fault;
  }
}

/** Refusals of a request in a name that the signer may not use. */
const OF_STRANGERS: ReadonlySet<string> = new Set(['ACCOUNT_UNKNOWN', 'SIGNER_NOT_AUTHORIZED', 'AGENT_EXPIRED']);

function isKept(outcome: Remembered): boolean {
  if ('answer' in outcome) return true;
  const { code, details } = outcome.refused;
  return typeof details.sequence === 'number' && !outcome.refused.body().retryable && !OF_STRANGERS.has(code);
}
