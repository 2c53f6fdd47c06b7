import { Compile } from 'typebox/compile';
import type { HttpAnswer } from './httpPipe.ts';

interface Schema {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
type Paths = Readonly<
  Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Schema>> }>>>
>;
interface OpenApi {
  readonly paths: Paths;
  readonly components: {
    readonly schemas: {
      readonly Problem: { readonly properties: { readonly code: { readonly enum: readonly string[] } } };
    };
  };
}

interface Held {
  Check(value: unknown): boolean;
  Errors(value: unknown): readonly object[];
}

const FAULT_OF_OURS = /a fault of the exchange|Internal error|\bINTERNAL\b|Internal Server Error/i;
/** An item of a batch that was refused so. */
const INTERNAL_ITEM = /"code":"INTERNAL"/;
/** Fields of an error over WebSocket and of a refused item. */
const ERROR_FIELDS = ['code', 'details', 'message', 'number', 'retryable'];
/** Answers of Hyperliquid's surface that are no status 200: plain text on /info, an error object on /exchange. */
const WIRE_STATUSES = [413, 422, 429, 503];

/** Throws with what is wrong with an answer, whatever was asked. Built from /openapi.json of the gateway itself. */
export class Judge {
  readonly paths: Paths;
  readonly #codes: ReadonlySet<string>;
  readonly #problem: Held;
  readonly #answers = new Map<string, Held>();
  /** Requests by what became of them: ok, or the code of the refusal. */
  readonly outcomes = new Map<string, number>();

  constructor(document: OpenApi) {
    this.paths = document.paths;
    this.#codes = new Set(document.components.schemas.Problem.properties.code.enum);
    this.#problem = Compile(document.components.schemas.Problem as never) as unknown as Held;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { responses }] of Object.entries(methods)) {
        const schema = responses['200']?.content?.['application/json']?.schema;
        if (schema !== undefined) this.#answers.set(`${method} ${path}`, Compile(schema as never) as unknown as Held);
      }
    }
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }

  /** `route` as OpenAPI has it, undefined where the target may lead anywhere. Gives the parsed body of a 200. */
  rest(route: string | undefined, { status, headers, body }: HttpAnswer): unknown {
    // The document of the API names every code.
    if (status === 500 || (status === 200 ? INTERNAL_ITEM : FAULT_OF_OURS).test(body))
      throw new Error('a fault of ours');
    if (status === 200) {
      this.#count('ok');
      const held = route === undefined ? undefined : this.#answers.get(route);
      if (held === undefined) return undefined;
      return hold(held, JSON.parse(body));
    }
    if (route === undefined && status < 400) return undefined;
    if (!headers.get('content-type')?.startsWith('application/problem+json'))
      throw new Error('a refusal that is no problem');
    const problem = hold(this.#problem, JSON.parse(body)) as { code: string; status: number; requestId: string };
    if (problem.status !== status) throw new Error('the status is not that of the problem');
    if (problem.requestId !== headers.get('x-request-id')) throw new Error('the request id is another one');
    this.#count(problem.code);
    return undefined;
  }

  /** An answer of /info or /exchange. */
  wire(target: '/info' | '/exchange', { status, headers, body }: HttpAnswer): void {
    if (FAULT_OF_OURS.test(body)) throw new Error('a fault of ours');
    if (headers.get('access-control-allow-origin') !== '*') throw new Error('not open to all origins');
    const type = headers.get('content-type') ?? '';
    if (status === 200) {
      const answer: unknown = JSON.parse(body);
      if (target === '/exchange') this.#exchange(answer);
      else this.#count('info ok');
      return;
    }
    if (!WIRE_STATUSES.includes(status)) throw new Error(`status ${status}`);
    this.#count(`wire ${status}`);
    if (status === 422 || target === '/info') {
      if (!type.startsWith('text/plain') || body === '') throw new Error('a refusal without a sentence');
    } else this.#exchange(JSON.parse(body));
  }

  #exchange(answer: unknown): void {
    const { status, response } = answer as { readonly status: unknown; readonly response: unknown };
    if (status === 'err') {
      if (typeof response !== 'string' || response === '') throw new Error('an error without a text');
      this.#count('exchange err');
      return;
    }
    const { type, data } = Object(response) as {
      readonly type: unknown;
      readonly data?: { readonly statuses?: unknown };
    };
    if (status !== 'ok' || typeof type !== 'string') throw new Error('neither ok nor an error');
    this.#count('exchange ok');
    if (data?.statuses === undefined) return;
    for (const item of data.statuses as unknown[]) {
      const [name = ''] = typeof item === 'string' ? [item] : Object.keys(item as object);
      if (!['resting', 'filled', 'error', 'success', 'waitingForFill', 'waitingForTrigger'].includes(name))
        throw new Error(`an item is ${JSON.stringify(item)}`);
    }
  }

  /** A frame of /v1/ws that is the answer to a request of this path, if it is known. */
  socket(path: string | undefined, text: string, frame: Readonly<Record<string, unknown>>): void {
    if (FAULT_OF_OURS.test(text)) throw new Error('a fault of ours');
    const names = Object.keys(frame).sort().join();
    if (names === 'error,id') {
      const error = frame.error as { readonly code: string };
      if (Object.keys(error).sort().join() !== ERROR_FIELDS.join()) throw new Error('an error with other fields');
      if (!this.#codes.has(error.code)) throw new Error('a code that the catalogue does not have');
      this.#count(error.code);
      return;
    }
    if (names !== 'id,result') throw new Error(`an answer with the fields ${names}`);
    this.#count('ws ok');
    const held = path === undefined ? undefined : this.#answers.get(`post ${path}`);
    if (held !== undefined) hold(held, frame.result);
  }

  /** A frame of /ws. */
  wireSocket(text: string, { channel, data }: { readonly channel?: unknown; readonly data?: unknown }): void {
    if (FAULT_OF_OURS.test(text)) throw new Error('a fault of ours');
    if (typeof channel !== 'string') throw new Error('a frame of no channel');
    if (channel === 'error' && (typeof data !== 'string' || data === '')) throw new Error('an error without a text');
    this.#count(channel === 'error' ? 'wire ws refused' : 'wire ws ok');
    if (channel !== 'post') return;
    const { response } = data as { readonly response: { readonly type: unknown; readonly payload: unknown } };
    if (response.type === 'action') this.#exchange(response.payload);
    else if (response.type !== 'info' && response.type !== 'error') throw new Error('a post of another type');
  }
}

function hold(held: Held, value: unknown): unknown {
  if (!held.Check(value)) throw new Error(`not as its schema: ${JSON.stringify(held.Errors(value).slice(0, 2))}`);
  return value;
}
