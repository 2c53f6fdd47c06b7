import type { GatewayApp } from '../../routes/gatewayApp.ts';
import { toRequestError } from '../../toApiError.ts';
import { BodyUnreadable } from './bodyUnreadable.ts';
import type { HyperliquidExchange } from './createExchange.ts';
import { errorText } from './errorTexts.ts';
import { err } from './formatDone.ts';

const PREFLIGHT = {
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '86400',
} as const;

/**
 * `POST /exchange`, open to pages of every origin: what acts is a signature, never a cookie. A body that is no request gets 422 and
 * plain text; every other refusal 200 and {status: 'err'}, as clients of this surface expect it.
 */
export async function exchangeRoutes(app: GatewayApp, exchange: HyperliquidExchange): Promise<void> {
  await app.register(async (scope) => {
    // Some clients name no type of content, or another one.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
      try {
        done(null, JSON.parse(String(text)));
      } catch {
        done(new BodyUnreadable('Failed to parse the request body as JSON'));
      }
    });
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('access-control-allow-origin', '*');
    });
    scope.setErrorHandler((fault, request, reply) => {
      if (fault instanceof BodyUnreadable) {
        reply.code(422).type('text/plain; charset=utf-8').send(fault.message);
        return;
      }
      const error = toRequestError(fault, request);
      if (error.code === 'INTERNAL')
        request.log.error({ err: error.cause, requestId: request.id }, 'Hyperliquid request failed');
      const text = JSON.stringify(err(errorText(error.code)));
      reply.code(error.status).type('application/json; charset=utf-8').serializer(asIs).send(text);
    });
    scope.options('/exchange', { schema: { hide: true } }, (_request, reply) => {
      reply.headers(PREFLIGHT).code(204).send();
    });
    scope.post(
      '/exchange',
      { schema: { hide: true } },
      async (request) => await exchange.run(request.body, request.ip),
    );
  });
}

const asIs = (text: unknown): string => text as string;
