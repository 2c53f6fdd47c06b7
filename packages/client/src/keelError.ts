/** Codes that are made here and not by the exchange. */
export type ClientCode =
  /** The request never left: no connection. */
  | 'UNREACHABLE'
  /** The request left and no answer came. Sending it again with the same nonce is safe: it is taken at most once. */
  | 'OUTCOME_UNKNOWN'
  /** The answer is not what the API promises. */
  | 'BAD_REPLY'
  /** A signed request, but the client has neither key nor signer. */
  | 'NO_SIGNER'
  /** `close()` was called. */
  | 'CLIENT_CLOSED';

/**
 * Every refusal and every fault of transport. `code` is one of the gateway's error codes or a ClientCode; it is stable,
 * `message` is for people. `retryable` says that the same request may succeed later.
 */
export class KeelError extends Error {
  override readonly name = 'KeelError';
  readonly code: string;
  /** Of the gateway's code; undefined of a ClientCode. */
  readonly number: number | undefined;
  /** What the gateway's log calls the request by; undefined of what came over WebSocket. */
  readonly requestId: string | undefined;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    retryable: boolean,
    details: Readonly<Record<string, unknown>> = {},
    options: ErrorOptions & { readonly number?: number; readonly requestId?: string } = {},
  ) {
    super(`${code}: ${message}`, options);
    this.code = code;
    this.number = options.number;
    this.requestId = options.requestId;
    this.retryable = retryable;
    this.details = details;
  }

  /** How long to wait before the next try, where the gateway says it. */
  get retryAfterMs(): number | undefined {
    const { retryAfterMs } = this.details;
    return typeof retryAfterMs === 'number' ? retryAfterMs : undefined;
  }
}

/** An error made here; typed so that the codes above are the only ones. */
export function clientError(code: ClientCode, message: string, cause?: unknown): KeelError {
  const retryable = code === 'UNREACHABLE' || code === 'OUTCOME_UNKNOWN';
  return new KeelError(code, message, retryable, {}, cause === undefined ? {} : { cause });
}

/**
 * Reads an error of the gateway: problem details `{code, number, detail, retryable, details, requestId}` of REST, or
 * `{code, number, message, retryable, details}` of WebSocket. Undefined if it is neither.
 */
export function readWireError(value: unknown): KeelError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, number, message, detail, retryable, details, requestId } = value as Record<string, unknown>;
  const text = detail ?? message;
  if (typeof code !== 'string' || typeof text !== 'string') return undefined;
  const facts = typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
  return new KeelError(code, text, retryable === true, facts, {
    ...(typeof number === 'number' ? { number } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  });
}
