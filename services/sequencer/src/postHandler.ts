import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdminHandler } from '@keel/runtime';
import { AdminFault } from './adminFault.ts';

const BODY_BYTES_MAX = 4_096;

/** A change that an operator asks for: POST, a small JSON object, the token. Answers 200 with what `act` gives. */
export function postHandler(
  token: string,
  act: (body: Readonly<Record<string, unknown>>) => Promise<object>,
): AdminHandler {
  return (request, response) =>
    answer(response, async () => {
      if (request.method !== 'POST') throw new AdminFault(405, 'BAD_REQUEST', 'only POST');
      assertToken(request, token);
      sendJson(response, 200, await act(await readBody(request)));
    });
}

/** Something that only nodes and operators may read. `send` writes the whole answer. */
export function guardedHandler(
  token: string,
  send: (response: ServerResponse, query: URLSearchParams) => Promise<void>,
): AdminHandler {
  return (request, response, query) =>
    answer(response, async () => {
      if (request.method !== 'GET') throw new AdminFault(405, 'BAD_REQUEST', 'only GET');
      assertToken(request, token);
      await send(response, query);
    });
}

async function answer(response: ServerResponse, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (fault) {
    if (!(fault instanceof AdminFault) || response.headersSent) throw fault;
    sendJson(response, fault.status, { code: fault.code, message: fault.message, ...fault.facts });
  }
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function assertToken(request: IncomingMessage, token: string): void {
  const given = request.headers.authorization ?? '';
  if (timingSafeEqual(digest(given), digest(`Bearer ${token}`))) return;
  throw new AdminFault(401, 'UNAUTHORIZED', 'the token is missing or wrong: set KEEL_INTAKE_TOKEN as this node has it');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) throw new AdminFault(413, 'BAD_REQUEST', `at most ${BODY_BYTES_MAX} bytes`);
  }
  if (text === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
  }
  throw new AdminFault(400, 'BAD_REQUEST', 'the body is no JSON object');
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
