import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** A node that is there answers within milliseconds; one that is not must not keep the others from being shown. */
export const ASK_MS = 2_000;
/** A hand-over waits for the group in flight and for the other node; a snapshot for the disk. */
export const ORDER_MS = 30_000;

/** What came of asking one node. */
export type NodeAnswer<Value> =
  | {
      readonly url: string;
      readonly kind: 'answered';
      readonly value: Value;
      readonly clockOffsetMs: number | undefined;
    }
  /** It answered with a fault of its own. */
  | {
      readonly url: string;
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly reason: string;
      readonly leaderAdminUrl: string | undefined;
    }
  /** Nobody listens, or the connection broke: an order was not heard, unless `sent`. */
  | { readonly url: string; readonly kind: 'unreachable'; readonly reason: string }
  | { readonly url: string; readonly kind: 'late'; readonly reason: string }
  /** Something answers that is no sequencer, or one of another version. */
  | { readonly url: string; readonly kind: 'strange'; readonly reason: string };

interface Order {
  readonly token: string;
  readonly body: object;
}

/** Asks one node for a JSON document, or (`order`) tells it to do something. Never rejects. */
export async function askNode<Schema extends TSchema>(
  url: string,
  path: string,
  schema: Schema,
  order?: Order,
): Promise<NodeAnswer<Static<Schema>>> {
  const limitMs = order === undefined ? ASK_MS : ORDER_MS;
  const askedMs = Date.now();
  try {
    const response = await fetch(`${url}${path}`, { ...requestOf(order), signal: AbortSignal.timeout(limitMs) });
    const clockOffsetMs = offsetOf(response.headers.get('date'), askedMs, Date.now());
    const text = await response.text();
    return judge(url, path, response.status, text, schema, clockOffsetMs);
  } catch (fault) {
    if ((fault as Error).name === 'TimeoutError')
      return { url, kind: 'late', reason: `no answer within ${limitMs / 1_000} s` };
    return { url, kind: 'unreachable', reason: reasonOf(fault) };
  }
}

function requestOf(order: Order | undefined): RequestInit {
  // A door that points elsewhere is followed by hand: the token must not go to an address nobody named.
  if (order === undefined) return { redirect: 'error' };
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${order.token}` };
  return { method: 'POST', headers, body: JSON.stringify(order.body), redirect: 'error' };
}

function judge<Schema extends TSchema>(
  url: string,
  path: string,
  status: number,
  text: string,
  schema: Schema,
  clockOffsetMs: number | undefined,
): NodeAnswer<Static<Schema>> {
  const json = parse(text);
  if (status >= 400) return refusalOf(url, path, status, json);
  if (json === undefined) return { url, kind: 'strange', reason: `${path} is no JSON: is this an admin port?` };
  if (isStarting(json))
    return {
      url,
      kind: 'refused',
      status,
      code: 'STARTING',
      reason: 'it starts: its journal is being replayed',
      leaderAdminUrl: undefined,
    };
  if (!Value.Check(schema, json)) {
    const [first] = Value.Errors(schema, json);
    const where = first?.instancePath === '' ? 'it' : (first?.instancePath.slice(1).replaceAll('/', '.') ?? 'it');
    return {
      url,
      kind: 'strange',
      reason: `${path} is not understood (${where} ${first?.message}): another version of Keel?`,
    };
  }
  return { url, kind: 'answered', value: json as Static<Schema>, clockOffsetMs };
}

function refusalOf(url: string, path: string, status: number, json: unknown): NodeAnswer<never> {
  const { code, message, error, leaderAdminUrl } = (typeof json === 'object' && json !== null ? json : {}) as Record<
    string,
    unknown
  >;
  const reason = [message, error].find((each) => typeof each === 'string') ?? `status ${status}`;
  return {
    url,
    kind: 'refused',
    status,
    code: typeof code === 'string' ? code : status === 404 ? 'NO_SUCH_ROUTE' : String(status),
    reason:
      status === 404 && typeof code !== 'string'
        ? `it has no ${path}: no admin port of a sequencer, or an older version of Keel`
        : String(reason),
    leaderAdminUrl:
      typeof leaderAdminUrl === 'string' && /^https?:\/\//.test(leaderAdminUrl) ? leaderAdminUrl : undefined,
  };
}

/** It listens before it has replayed its journal, and then has no figures yet. */
function isStarting(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  const { starting, role, sequence } = json as Readonly<Record<string, unknown>>;
  return starting === true || (role === 'starting' && sequence === undefined);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The node's wall clock against this machine's: half a second exact, since the date of a reply has whole seconds. */
function offsetOf(date: string | null, askedMs: number, answeredMs: number): number | undefined {
  const nodeMs = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(nodeMs) ? undefined : Math.round(nodeMs + 500 - (askedMs + answeredMs) / 2);
}

/** What went wrong with the connection is in the cause; `fetch failed` alone helps nobody. */
function reasonOf(fault: unknown): string {
  const cause = fault instanceof Error ? fault.cause : undefined;
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  const { code, message } = (first ?? fault) as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name does not resolve';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'no way there';
  return code ?? message ?? String(fault);
}
