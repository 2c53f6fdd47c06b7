/** The gateway answered, but not with what was asked for. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const TIMEOUT_MS = 8_000;

/** One GET. Rejects with RestError for an error answer, TypeError without a network, DOMException after 8 s. */
export async function getJson<Body>(path: string): Promise<Body> {
  const response = await fetch(path, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.ok) return (await response.json()) as Body;
  const problem = (await response.json().catch(() => ({}))) as { readonly code?: string; readonly detail?: string };
  const { code = 'INTERNAL', detail = `the exchange answered ${response.status}` } = problem;
  throw new RestError(code, detail, response.status);
}
