import { clientError, type KeelError, readWireError } from './keelError.ts';

export interface RestOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly timeoutMs: number;
}

/** One GET; safe to repeat. Throws KeelError. */
export async function restGet<Answer>(options: RestOptions, path: string): Promise<Answer> {
  return rest(options, path, { method: 'GET' }, 'UNREACHABLE') as Promise<Answer>;
}

/** One POST. A fault after it may have left is `OUTCOME_UNKNOWN`. Throws KeelError. */
export async function restPost<Answer>(
  options: RestOptions,
  path: string,
  body: object,
  idempotencyKey?: string,
): Promise<Answer> {
  const key = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  const headers = { 'content-type': 'application/json', ...key };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  return rest(options, path, request, 'OUTCOME_UNKNOWN') as Promise<Answer>;
}

type Lost = 'UNREACHABLE' | 'OUTCOME_UNKNOWN';

async function rest(options: RestOptions, path: string, request: RequestInit, lost: Lost): Promise<unknown> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(options.url + path, { ...request, signal: AbortSignal.timeout(options.timeoutMs) });
    status = response.status;
    text = await response.text();
  } catch (fault) {
    throw clientError(neverLeft(fault) ? 'UNREACHABLE' : lost, `no answer from ${options.url}${path}`, fault);
  }
  const body = parseJson(text);
  if (status >= 200 && status < 300 && body !== undefined) return body;
  throw refusal(status, body, lost);
}

function refusal(status: number, body: unknown, lost: Lost): KeelError {
  const known = readWireError(body);
  if (known !== undefined) return known;
  // A proxy's own 502 or 504 says nothing about what became of the request behind it.
  return clientError(status >= 500 ? lost : 'BAD_REPLY', `HTTP ${status} without an answer of the exchange`);
}

/** Only Node says that a connection was refused; a browser does not, and then the outcome counts as unknown. */
function neverLeft(fault: unknown): boolean {
  const cause = (fault as { cause?: { code?: unknown } } | undefined)?.cause;
  return cause?.code === 'ECONNREFUSED';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
