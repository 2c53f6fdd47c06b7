import type { GatewayApp } from '../../routes/gatewayApp.ts';
import { toRequestError } from '../../toApiError.ts';
import type { Info } from './createInfo.ts';
import { InfoRefused } from './infoRefused.ts';

/** Questions are short; the longest has an interval and two times. */
const QUESTION_BYTES_MAX = 4_096;

/** `POST /info`, open to pages of every origin. Whatever is refused is answered as plain text, which these clients show. */
export async function infoRoutes(app: GatewayApp, info: Info): Promise<void> {
  await app.register(async (scope) => {
    // Some clients name no type of content, or another one.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: QUESTION_BYTES_MAX }, (_request, text, done) => {
      try {
        done(null, JSON.parse(String(text)));
      } catch {
        done(new InfoRefused('Failed to parse the request body as JSON'));
      }
    });
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('access-control-allow-origin', '*');
    });
    scope.setErrorHandler((fault, request, reply) => {
      const refused = refusal(fault, request);
      if (refused.cause !== undefined)
        request.log.error({ err: refused.cause, requestId: request.id }, 'request failed');
      reply.code(refused.status).type('text/plain; charset=utf-8').send(refused.text);
    });
    scope.options('/info', { schema: { hide: true } }, (_request, reply) => {
      reply.headers(PREFLIGHT).code(204).send();
    });
    scope.post('/info', { schema: { hide: true } }, async (request, reply) => {
      const answer = await info.run(request.body);
      // A text is JSON here, too: with its quotes.
      return reply.type('application/json; charset=utf-8').serializer(asIs).send(JSON.stringify(answer));
    });
  });
}

const PREFLIGHT = {
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '86400',
} as const;

const asIs = (text: unknown): string => text as string;

interface Refusal {
  readonly status: number;
  readonly text: string;
  /** Of a fault of ours, for the log. */
  readonly cause?: unknown;
}

function refusal(fault: unknown, request: Parameters<typeof toRequestError>[1]): Refusal {
  if (fault instanceof InfoRefused) return { status: 422, text: fault.message };
  const error = toRequestError(fault, request);
  if (error.code === 'BAD_JSON') return { status: 422, text: 'Failed to parse the request body as JSON' };
  return { status: error.status, text: error.message, ...(error.code === 'INTERNAL' ? { cause: error.cause } : {}) };
}
